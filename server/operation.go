package server

// operation is what the OpenAPI document says of a route.
type operation struct {
	group          string // of groups
	summary, about string
	path           []parameter // of the path
	params         []parameter // of the query
	headers        []parameter // of the request, that are this route's own
	answers        []answer    // successes, one a media type; failures follow from the route
	failures       []int       // that the route has besides those every route has
	dear           bool        // it costs much although there is no body
	example        any         // of the body, where there is one
}

// parameter is what a request's target says.
type parameter struct {
	name, about string
	schema      object
}

// answer is a success.
type answer struct {
	mediaType, about string
	schema           object
}

// object is JSON; keys come out sorted.
type object = map[string]any

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }
