package nearest

import "testing"

func TestName(t *testing.T) {
	known := []string{"klauspost", "datadog", "memcpy", "logs", "logs-records", "html", "metrics", "random"}
	for _, c := range []struct{ name, want string }{
		{"klauspst", "klauspost"}, {"KLAUSPOST", "klauspost"}, {"datadgo", "datadog"}, {"mem", ""}, {"brotli", ""}, {"", ""},
		{"lgos", "logs"}, {"log", "logs"}, {"Logs", "logs"}, {"metric", "metrics"}, {"logs_record", "logs-records"},
		{"randmo", "random"}, {"dickens", ""}, {"x", ""},
	} {
		if got := Name(c.name, known); got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"abc", "abc", 0}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
