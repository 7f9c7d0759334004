"""What is known of our rules before they are imported; made from them by `make generate`.

A line for each: name, category, what it looks at, severity, and what it says.
"""

from __future__ import annotations

TABLE = """\
ambiguous-scalar yaml Document WARNING An unquoted value is read as a number or a boolean where a text is meant.
boolean-key yaml Document WARNING A key that is written as a word is read as a boolean.
broken-reference layering Application ERROR A file or folder that a declaration names does not exist.
codeowners-syntax ownership Owners WARNING A line of CODEOWNERS does not say what it seems to say.
config-in-ci immutability Document WARNING A pipeline sets configuration or versions by the command line.
contract-violated consistency Pledge ERROR An environment breaks what the contract in the configuration declares.
copied-environment consistency Change ERROR A new environment still holds addresses of the one that it was copied from.
decrypted-file secrets Repository ERROR A file that a tool wrote when it decrypted a secret is committed.
downgrade promotion Change WARNING A change takes an environment back to an older version.
duplicate-key yaml Document ERROR A mapping has the same key twice.
empty-in-environment consistency Application WARNING A key has a value in the other environments, and is empty in one.
expired-suppression run Use WARNING The date until which a clause of the contract was to hold has passed.
floating-chart-version immutability Pointer WARNING A chart is named by a range, by a part of a version, or by none at all.
foreign-environment consistency Application WARNING A value in one environment names another: production talks to a host of dev.
hotfix-not-backported promotion Repository WARNING A higher stage runs a patch release that no stage below it has.
ignored-document layering Layer WARNING A values file has more than one YAML document.
immutable-field-changed immutability Change ERROR A change alters a field that Kubernetes does not let anyone change once the object exists.
incomplete-environment consistency Change ERROR A change brings a new environment that lacks keys which all its siblings have.
invalid-yaml yaml Document ERROR A file of an environment is not valid YAML.
list-replaced layering Change WARNING A change gives an environment its own list where it had that of a lower layer, and drops items that the lower layer has.
malformed-image immutability Pointer ERROR The name of an image does not follow the grammar of image references.
merge-after-key layering Document WARNING A `<<` overrides keys that stand before it, in Helm and kubectl, but not in Kustomize.
misplaced-key consistency Application ERROR A key that is missing in one environment stands there under another parent.
missing-digest immutability Pointer OFF An image is named by a tag without a digest.
missing-environment consistency Repository WARNING An application is missing in an environment that all its sibling applications are in.
missing-key consistency Application ERROR A key that some environments of an application have is missing in another.
missing-list-item consistency Application WARNING A list of words has an item in every environment but one.
missing-secret-key consistency Application ERROR A secret has an entry in some environments that it lacks in another.
moving-git-revision immutability Pointer WARNING A git source follows a branch, the default branch, or a range of tags.
mutable-image-tag immutability Pointer WARNING An image is named by a tag that moves.
near-miss-key consistency Application ERROR A key that is missing in one environment stands there under a name one slip of the pen away.
non-deterministic-template immutability Template WARNING A template gives another result each time it is rendered, or one that depends on the cluster.
nothing-checked run Repository ERROR There was nothing to check: no environment and no version pointer.
number-rewritten yaml Document ERROR An unquoted version or identifier is read as a number, and prints as another one.
optional-file-missing layering Application WARNING An environment lacks a values file that its siblings have, and the deploying tool says nothing.
order-contradicted promotion Precedence WARNING The promotion tool takes versions through the stages in another order than the linter assumes.
orphan-values layering Repository INFO A values file stands beside those of the environments, and no environment uses it.
overdue-key consistency Lasting WARNING A key that some environments have has been missing in another for longer than a roll-out takes.
partial-addition consistency Change ERROR A change adds a key to some environments and not to the others.
partial-removal consistency Change ERROR A change takes a key from some environments and leaves it in the others.
placeholder-left consistency Application WARNING A value still says that somebody has to fill it in.
plaintext-secret secrets Document ERROR A secret stands in the repository as plain text.
policy-changed run Change WARNING A change edits the policy that judges it: the configuration, the baseline, comments that silence findings, or the code owners.
promoted-without-keys promotion Change WARNING A change brings a version to an environment that lacks keys which the environments that run it already have.
rebuilt-artifact immutability Repository WARNING An image comes from another repository in each environment.
redundant-override layering Environment INFO An environment sets a key to the value that the layers below give it anyway.
same-everywhere consistency Application OFF Every environment sets a key to the same value for itself.
scalar-over-map layering Environment ERROR An environment puts a scalar or a list where the layers below have a map, or a map over a scalar.
schema-violation layering Deployed ERROR An environment's values break the schema of their chart.
shadowed-owner ownership Owners WARNING A line of CODEOWNERS never counts, because a later one matches all that it matches.
shared-change promotion Change INFO An edit of a layer that environments share alters protected ones together with the others.
skipped-environment promotion Change WARNING A change brings a version to a stage without the stage before it having run it.
split-artifact promotion Repository WARNING An environment runs one image in two versions, where another environment runs one.
stale-digest immutability Change ERROR A change gives an image another tag and leaves the digest as it was.
stale-lock immutability Repository ERROR A chart's lock does not belong to its dependencies, or a vendored chart does not belong to its lock.
tag-digest-conflict immutability Repository WARNING One tag stands with two digests, or one digest with two versions.
type-mismatch consistency Application ERROR The same key is a string in one environment and a number, a boolean, a list or a map in another.
undeclared-secret consistency Application ERROR An environment's workload uses a Secret that nothing declares there, while its siblings declare theirs.
undefined-substitution consistency Environment ERROR A `${VAR}` below a Flux Kustomization is defined nowhere, and becomes an empty text.
undefined-value layering Deployed WARNING A template reads a value that an environment does not set, and no default does.
unencrypted-sops secrets Guarded ERROR A file that SOPS is to encrypt is committed as plain text, in whole or in part.
unhashed-config immutability Document INFO A generated ConfigMap or Secret keeps its name when its content changes.
unmatched-pattern run Use WARNING A clause of the contract, or a line of the baseline, matches nothing.
unowned-path ownership Owners WARNING A file that production is made of has no owner in CODEOWNERS.
unpinned-ci-include immutability Pointer WARNING A pipeline takes an action, a template, a component or a hook by a revision that moves.
unpinned-remote-base immutability Pointer WARNING A remote base, file or artifact has no revision, or one that moves.
unread-value layering Deployed INFO A value is set that no template of the chart reads.
unused-suppression run Suppression WARNING A comment suppresses nothing.
unverifiable run Repository WARNING Something that decides what an environment gets could not be evaluated.
version-ahead promotion Repository WARNING A higher stage runs a newer version than the stage below it.
version-outside-git immutability Document WARNING A controller changes the deployed version in the cluster, and not in git.
"""
