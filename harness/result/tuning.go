package result

import "fmt"

// Tuning chooses a codec by the size of the text: small ones pay for a call into
// C, large ones gain from it. Sizes are ascending.
type Tuning struct {
	Compress, Decompress []Choice
}

// Choice is the codec for texts of From bytes and more, up to the next choice's.
type Choice struct {
	From  int
	Codec string
}

// String lists the choices: compress from 0 bytes klauspost, from 4096 datadog; ...
func (t Tuning) String() string {
	told := func(choices []Choice) (text string) {
		for i, c := range choices {
			if i == 0 {
				text = fmt.Sprintf(" from %d bytes %s", c.From, c.Codec)
			} else {
				text += fmt.Sprintf(", from %d %s", c.From, c.Codec)
			}
		}
		return text
	}
	return fmt.Sprintf("compress%s; decompress%s", told(t.Compress), told(t.Decompress))
}
