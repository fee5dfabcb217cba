package analyze

// roundTurns is what one round says of two cells.
type roundTurns struct {
	logs []float64 // of b's slice over a's, by turn
	// collecting is what collections add to the quotient on average; logs are
	// without it.
	collecting float64
}

// mean is the round's log quotient.
func (r roundTurns) mean() float64 { return mean(r.logs) + r.collecting }

// Spread is how far the log quotients of two cells scatter, as variances.
type Spread struct {
	Fork float64 // between forks, of rounds without end
	Turn float64 // between the turns of a round
}

// Round is the variance of a round of n turns.
func (s Spread) Round(n int) float64 { return s.Fork + s.Turn/float64(max(n, 1)) }

// What is believed before the first rounds have been seen, and as how many rounds it
// counts beside them.
const (
	priorTurn   = 0.1 * 0.1
	priorFork   = 0.005 * 0.005
	priorRounds = 4
)

// spreadOf is the spread of linearized turns, by the usual estimates of a one-way
// analysis of variance, together with what is believed before.
func spreadOf(rounds []roundTurns) Spread {
	squares, degrees := withinRounds(rounds)
	s := Spread{Turn: (squares + priorRounds*priorTurn) / (degrees + priorRounds), Fork: priorFork}
	between, sum, perTurn := priorRounds*priorFork, 0.0, 0.0
	for _, r := range rounds {
		sum += r.mean()
		perTurn += 1 / float64(len(r.logs))
	}
	if n := float64(len(rounds)); n > 1 {
		squares := 0.0
		for _, r := range rounds {
			squares += (r.mean() - sum/n) * (r.mean() - sum/n)
		}
		// What is left when the turns' share is taken away; noise may leave nothing.
		between += max(0, squares-(n-1)*s.Turn*perTurn/n)
		s.Fork = between / (priorRounds + n - 1)
	}
	return s
}

// withinRounds is how far turns are from the mean of their round: the sum of squares and
// its degrees of freedom.
func withinRounds(rounds []roundTurns) (squares, degrees float64) {
	for _, r := range rounds {
		middle := mean(r.logs)
		for _, l := range r.logs {
			squares += (l - middle) * (l - middle)
		}
		degrees += float64(len(r.logs) - 1)
	}
	return squares, degrees
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
