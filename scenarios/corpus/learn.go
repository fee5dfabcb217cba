package corpus

import "fmt"

// manyRecords is how many different ones trainers can be expected to learn from.
const manyRecords = 100

// TooLittle says why a dictionary could not learn from the records of c, and what to do.
func (c *Corpus) TooLittle() string {
	different := map[string]bool{}
	for _, m := range c.Members {
		different[string(m.Data)] = true
	}
	if len(different) < manyRecords {
		return fmt.Sprintf("a dictionary wants some hundred small records, and the corpus has %d, of which %d differ: %s", len(c.Members), len(different), c.moreRecords())
	}
	return fmt.Sprintf("the %d records, of %d bytes on average, have too little in common: give records of one kind, or longer ones", len(c.Members), c.Size()/int64(len(c.Members)))
}

// moreRecords says how to have more of them, by what has been done already.
func (c *Corpus) moreRecords() string {
	if c.Records == "" {
		return "give more data, or cut files into records with --records lines or --records 1KiB"
	}
	if r, err := ParseRecords(c.Records); err == nil && r.size > minRecord {
		return fmt.Sprintf("give more data, or cut it into smaller records than --records %s has", r)
	}
	return "give more data"
}
