package plan

import (
	"errors"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Merge keys: `<<: *base` stands for the pairs of base whose keys the mapping does not
// have itself, wherever among its own it stands, and of several bases in a list the first
// that has a key counts (yaml.org/type/merge.html). The library lets the last one written
// win and takes the same key twice for a mistake, so they are resolved here, before it
// decodes.

// decodeYAML decodes the first document of text strictly. The library panics on some
// texts that are no YAML, such as an anchor on what is no value.
func decodeYAML(text []byte, into any) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = errors.New("it cannot be read as YAML")
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return err
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil
	}
	root := file.Docs[0].Body
	m := merger{anchors: anchors{}, state: map[*ast.MappingNode]int{}}
	ast.Walk(m.anchors, root)
	ast.Walk(&m, root)
	if m.err != nil {
		return m.err
	}
	return yaml.NodeToValue(root, into, yaml.Strict())
}

// anchors are the nodes that have a name.
type anchors map[string]ast.Node

// Visit notes the name of a node.
func (a anchors) Visit(n ast.Node) ast.Visitor {
	if n, ok := n.(*ast.AnchorNode); ok {
		a[n.Name.GetToken().Value] = n.Value
	}
	return a
}

// merger replaces the merge keys of mappings by what they stand for.
type merger struct {
	anchors anchors
	state   map[*ast.MappingNode]int // of the mappings met: begun or done
	err     error                    // the first
}

const (
	mergeBegun = iota + 1
	mergeDone
)

// Visit resolves the merge keys of a mapping.
func (m *merger) Visit(n ast.Node) ast.Visitor {
	if n, ok := n.(*ast.MappingNode); ok && m.err == nil {
		m.err = m.merge(n)
	}
	return m
}

func (m *merger) merge(n *ast.MappingNode) error {
	switch m.state[n] {
	case mergeBegun:
		return &yaml.SyntaxError{Message: "a merge key stands for the mapping that it is in", Token: n.GetToken()}
	case mergeDone:
		return nil
	}
	m.state[n] = mergeBegun
	var own []*ast.MappingValueNode
	var bases []ast.Node
	for _, pair := range n.Values {
		if pair.Key.IsMergeKey() {
			bases = append(bases, basesOf(pair.Value)...)
		} else {
			own = append(own, pair)
		}
	}
	for _, base := range bases {
		from, err := m.mapping(base)
		if err != nil {
			return err
		}
		for _, pair := range from.Values {
			if !slices.ContainsFunc(own, func(o *ast.MappingValueNode) bool { return keyOf(o) == keyOf(pair) }) {
				own = append(own, pair)
			}
		}
	}
	n.Values = own
	m.state[n] = mergeDone
	return nil
}

// basesOf are the mappings that a merge key names: one, or those of a list.
func basesOf(value ast.Node) []ast.Node {
	if list, ok := value.(*ast.SequenceNode); ok {
		return list.Values
	}
	return []ast.Node{value}
}

// mapping is the mapping that a merge key names, its own merge keys resolved.
func (m *merger) mapping(n ast.Node) (*ast.MappingNode, error) {
	at := n.GetToken()
	for {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			name := v.Value.GetToken().Value
			target, ok := m.anchors[name]
			if !ok {
				return nil, &yaml.SyntaxError{Message: "there is no &" + name + " for *" + name, Token: at}
			}
			n = target
		case *ast.MappingNode:
			return v, m.merge(v)
		case nil:
			return nil, errors.New("a merge key has no value")
		default:
			return nil, &yaml.SyntaxError{Message: "a merge key wants a mapping, or a list of them, as in <<: *base", Token: at}
		}
	}
}

// keyOf is the key of a pair as it is compared.
func keyOf(pair *ast.MappingValueNode) string { return pair.Key.GetToken().Value }
