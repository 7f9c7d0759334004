// Command imageref reads one image reference a line and answers, for each, how the distribution project parses it: a JSON array of
// the error of Parse, domain, path, tag and digest, and the error of ParseNormalizedNamed and the name that it completes.
package main

import (
	"bufio"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/json"
	"os"

	"github.com/distribution/reference"
)

func answer(text string) []string {
	out := make([]string, 7)
	parsed, err := reference.Parse(text)
	if err != nil {
		out[0] = err.Error()
	} else {
		if named, ok := parsed.(reference.Named); ok {
			out[1], out[2] = reference.Domain(named), reference.Path(named)
		} else {
			out[0] = "no name"
		}
		if tagged, ok := parsed.(reference.Tagged); ok {
			out[3] = tagged.Tag()
		}
		if digested, ok := parsed.(reference.Digested); ok {
			out[4] = digested.Digest().String()
		}
	}
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		out[5] = err.Error()
	} else {
		out[6] = named.String()
	}
	return out
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := out.Encode(answer(text)); err != nil {
			panic(err)
		}
	}
}
