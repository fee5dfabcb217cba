package result

// An Answer is what a result says to a question about two of its cells.
type Answer struct {
	Question string `json:"question"` // as asked
	Cell     string `json:"cell"`     // name of the one that it asks about
	Against  string `json:"against"`  // name of the other
	// TimesAsFast is how many times as fast Cell is: above 1, it is faster.
	TimesAsFast Ratio  `json:"times_as_fast"`
	Verdict     string `json:"verdict"` // on Cell
	// ByTurns is set where they took turns beside each other; else the interval is of those of
	// both speeds.
	ByTurns bool   `json:"by_turns"`
	Words   string `json:"words"` // all of it in a sentence
}
