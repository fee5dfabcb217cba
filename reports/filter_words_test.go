package reports

import (
	"strings"
	"testing"
)

// A filter that says something else than was meant names the fault and the way out.
func TestSelectRefuses(t *testing.T) {
	r := matrixResult()
	for expression, want := range map[string]string{
		"kodec:x":                       `unknown key "kodec": did you mean codec?`,
		"codec:klauspost runer:pool":    `unknown key "runer": did you mean runner?`,
		"codec:klauspost (-runer:pool)": `did you mean runner?`,
		"/kodec:x":                      `did you mean codec?`,
		"colour:red":                    `unknown key "colour": there are host, scenario`,
		"codec=datadog":                 "write codec:datadog",
		"codec:klauspost level==3":      "write level:3",
		"codec!=datadog":                "write -codec:datadog",
		"level>3":                       "level:(3 OR ...)",
		"datadog":                       "write key:value",
		"codec:nothing":                 "no cell matches; there are",
		`codec:"a b:c"`:                 "no cell matches",
		"codec:/a:b/":                   "no cell matches",
		"(codec:datadog":                `missing ")"`,
	} {
		if _, err := Select(r, expression); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", expression, err, want)
		}
	}
	for _, expression := range []string{".name:/./", "codec:klauspost", "-codec:memcpy"} {
		if err := unknownFilterKey(expression); err != nil {
			t.Errorf("%s: %v", expression, err)
		}
	}
}
