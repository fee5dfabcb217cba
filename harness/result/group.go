package result

// GroupBy puts values of one key together: groups and their members are in order of
// first appearance.
func GroupBy[S ~[]V, V any, K comparable](values S, key func(V) K) (groups []S) {
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
