// Command layering merges values as Flux's helm-controller and Helmfile do: a JSON object a line in, the outcome a line out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
	"github.com/go-logr/logr"
	"github.com/helmfile/helmfile/pkg/maputil"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type question struct {
	Inline     map[string]any         `json:"inline"`
	Data       map[string]string      `json:"data"`
	References []meta.ValuesReference `json:"references"`
	Lower      map[string]any         `json:"lower"`
	Upper      map[string]any         `json:"upper"`
}

// configMap answers every Get with the same data.
type configMap struct {
	client.Client
	data map[string]string
}

func (c configMap) Get(_ context.Context, _ client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	object.(*corev1.ConfigMap).Data = c.data
	return nil
}

func answer(asked question) any {
	if asked.Lower != nil {
		return maputil.MergeMaps(asked.Lower, asked.Upper)
	}
	source := configMap{data: asked.Data}
	out, err := chartutil.ChartValuesFromReferences(context.Background(), logr.Discard(), source, "n", asked.Inline, asked.References...)
	if err != nil {
		return nil
	}
	return out
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := out.Encode(answer(asked)); err != nil {
			panic(err)
		}
	}
}
