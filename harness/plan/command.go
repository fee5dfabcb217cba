package plan

import (
	"errors"
	"strings"
)

// splitCommand cuts a command line into its words, as a shell does without its
// variables and patterns: blanks part words, quotes of either kind keep them
// together. A backslash takes the meaning from a blank, a quote or a backslash that
// precedes one, and is itself everywhere else, as in the paths of Windows; between
// single quotes it is always itself.
func splitCommand(text string) ([]string, error) {
	if strings.ContainsRune(text, 0) {
		return nil, errors.New("there is a NUL byte in the command")
	}
	var words []string
	var word strings.Builder
	begun := false // a word, which may be empty where it is quoted
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && quote != '\'' && escapes(text[i+1:], quote):
			i++
			word.WriteByte(text[i])
			begun = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, begun = c, true
		case quote == 0 && blank(c):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote in the command is not closed: write " + string(quote) + " at its end")
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// escapes reports whether a backslash before rest is there for what follows: more
// backslashes and then a character that has a meaning here.
func escapes(rest string, quote byte) bool {
	rest = strings.TrimLeft(rest, `\`)
	return rest != "" && (rest[0] == '"' || quote == 0 && (rest[0] == '\'' || blank(rest[0])))
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
