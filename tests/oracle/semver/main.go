// Command semver reads JSON arrays, one a line: a range and versions. It answers for each with an array: whether the range is one, whether
// the text is a full version, whether it is a version in the lenient reading, and for each version whether it satisfies the range.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/Masterminds/semver/v3"
)

func answer(text string, versions []string) []bool {
	_, strict := semver.StrictNewVersion(strings.TrimPrefix(text, "v"))
	_, lenient := semver.NewVersion(text)
	constraint, err := semver.NewConstraint(text)
	out := []bool{err == nil, strict == nil, lenient == nil}
	for _, each := range versions {
		version, wrong := semver.NewVersion(each)
		out = append(out, err == nil && wrong == nil && constraint.Check(version))
	}
	return out
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var texts []string
		if err := json.Unmarshal(lines.Bytes(), &texts); err != nil {
			panic(err)
		}
		if err := out.Encode(answer(texts[0], texts[1:])); err != nil {
			panic(err)
		}
	}
}
