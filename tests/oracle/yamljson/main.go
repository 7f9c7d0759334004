// Command yamljson says what sigs.k8s.io/yaml makes of documents.
//
// On stdin come documents, each after its length as a decimal number and a newline. For each goes out, in the same form, the JSON that
// the library gives, or `ERR ` and its error.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		head, err := in.ReadString('\n')
		if err == io.EOF {
			return
		}
		size, err := strconv.Atoi(strings.TrimSpace(head))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		document := make([]byte, size)
		if _, err := io.ReadFull(in, document); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		result, err := yaml.YAMLToJSON(document)
		if err != nil {
			result = []byte("ERR " + err.Error())
		}
		fmt.Fprintf(out, "%d\n%s", len(result), result)
	}
}
