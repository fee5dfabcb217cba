package result

// GroupBy puts values of one key together: groups and their members are in order of
// first appearance.
func GroupBy[V any, K comparable](values []V, key func(V) K) (groups [][]V) {
	at := map[K]int{}
	for _, v := range values {
		k := key(v)
		n, ok := at[k]
		if !ok {
			n = len(groups)
			at[k] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], v)
	}
	return groups
}
