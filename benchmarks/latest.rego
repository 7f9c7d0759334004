# What a conftest policy against tags that move looks like, for the containers of every object; `warn` tells what it has seen.
package main

import rego.v1

image contains text if {
	walk(input, [path, text])
	path[count(path) - 1] == "image"
	path[count(path) - 3] in {"containers", "initContainers", "ephemeralContainers"}
	is_string(text)
}

moving(text) if endswith(text, ":latest")

moving(text) if {
	not contains(text, "@")
	not regex.match(`:[^:/]+$`, text)
}

warn contains text if some text in image

deny contains text if {
	some text in image
	moving(text)
}
