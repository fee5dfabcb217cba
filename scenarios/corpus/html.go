package corpus

// html writes the pages of a shop with a magazine: product cards, articles,
// comments and tables, in the mark-up that a template engine with a utility
// style sheet leaves behind.
type html struct {
	rng   rng
	prose *prose
	left  int // fragments until the page ends
}

func newHTML(seed uint64) *html {
	h := &html{rng: rng(seed)}
	h.prose = newProse(&h.rng)
	return h
}

// page appends one fragment and, where a page begins or ends, the head or foot
// of the page.
func (h *html) page(t *text) {
	if h.left == 0 {
		h.left = h.rng.between(8, 40)
		h.top(t)
	}
	h.fragment(t)
	if h.left--; h.left == 0 {
		t.str(pageBottom)
	}
}

// fragment appends one self-contained part of a page.
func (h *html) fragment(t *text) {
	switch h.rng.below(10) {
	case 0, 1, 2, 3:
		h.card(t)
	case 4, 5:
		h.comment(t)
	case 6, 7:
		h.article(t)
	case 8:
		h.rows(t)
	default:
		h.menu(t)
	}
}

func (h *html) top(t *text) {
	t.str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
	h.prose.title(t, h.rng.between(3, 7))
	t.str(" | Corner Shop</title>\n<meta name=\"description\" content=\"")
	h.prose.sentence(t)
	t.str("\">\n<link rel=\"canonical\" href=\"https://shop.example/")
	h.slug(t)
	t.str("\">\n")
	t.str(pageTop)
}

// slug appends words joined by hyphens, as paths have them.
func (h *html) slug(t *text) {
	h.prose.word(t)
	for range h.rng.between(1, 3) {
		t.str("-")
		h.prose.word(t)
	}
}

func (h *html) card(t *text) {
	r := &h.rng
	id := 10_000 + r.below(40_000)
	t.str("<div class=\"card product\" data-id=\"")
	t.num(id)
	t.str("\">\n  <a href=\"/p/")
	t.num(id)
	t.str("/")
	h.slug(t)
	t.str("\"><img class=\"card-img rounded\" src=\"https://cdn.shop.example/img/")
	t.hex(r.next(), 10)
	t.str(".webp\" width=\"320\" height=\"240\" loading=\"lazy\" alt=\"\"></a>\n  <h3 class=\"card-title\">")
	h.prose.title(t, r.between(2, 6))
	t.str("</h3>\n  <p class=\"card-text text-muted\">")
	h.prose.sentence(t)
	t.str("</p>\n  <div class=\"d-flex justify-content-between align-items-center\"><span class=\"price\">&euro;")
	t.num(1 + r.magnitude(9))
	t.str(".")
	t.str([...]string{"00", "49", "50", "90", "95", "99"}[r.below(6)])
	t.str("</span> <span class=\"stars\" title=\"")
	t.num(1 + r.below(5))
	t.str(".")
	t.num(r.below(10))
	t.str(" of 5\">&#9733;&#9733;&#9733;&#9733;&#9734;</span> <small>(")
	t.num(r.magnitude(11))
	t.str(")</small></div>\n  <button type=\"button\" class=\"btn btn-primary btn-sm\" data-action=\"add-to-cart\">Add to cart</button>\n</div>\n")
}

func (h *html) comment(t *text) {
	r := &h.rng
	t.str("<article class=\"comment\" id=\"c")
	t.num(700_000 + r.below(90_000))
	t.str("\">\n  <header><a class=\"author\" href=\"/u/")
	own := rng(r.skewed(3000)) // frequent writers use one name
	rareWord(t, own.next())
	t.pad(own.below(100), 2)
	t.str("\">@")
	rareWord(t, own.next())
	t.str("</a> <time datetime=\"2026-0")
	t.num(1 + r.below(9))
	t.str("-")
	t.pad(1+r.below(28), 2)
	t.str("T")
	t.pad(r.below(24), 2)
	t.str(":")
	t.pad(r.below(60), 2)
	t.str(":00Z\">")
	t.num(2 + r.below(28))
	t.str(" days ago</time></header>\n  <p>")
	h.prose.sentences(t, 1+r.skewed(6))
	t.str("</p>\n  <footer><button class=\"btn btn-link btn-sm\" data-action=\"vote\">Helpful (")
	t.num(r.skewed(60))
	t.str(")</button> <button class=\"btn btn-link btn-sm\" data-action=\"report\">Report</button></footer>\n</article>\n")
}

func (h *html) article(t *text) {
	r := &h.rng
	t.str("<section class=\"mt-4 mb-4\">\n  <h2 class=\"section-title\"><a href=\"/magazine/")
	h.slug(t)
	t.str("\">")
	h.prose.title(t, r.between(3, 8))
	t.str("</a></h2>\n")
	for range 1 + r.skewed(4) {
		t.str("  <p class=\"lead\">")
		h.prose.sentences(t, 1+r.below(4))
		t.str(" <a class=\"more\" href=\"/magazine/")
		h.slug(t)
		t.str("\">")
		h.prose.words(t, 2)
		t.str("</a></p>\n")
	}
	t.str("</section>\n")
}

func (h *html) rows(t *text) {
	r := &h.rng
	t.str("<table class=\"table table-striped table-sm\">\n<thead><tr><th scope=\"col\">Size</th><th scope=\"col\">Weight</th><th scope=\"col\">Stock</th><th scope=\"col\">Price</th></tr></thead>\n<tbody>\n")
	for range 2 + r.below(9) {
		t.str("<tr><td>")
		t.num(5 * r.between(2, 40))
		t.str(" &times; ")
		t.num(5 * r.between(2, 40))
		t.str(" cm</td><td class=\"text-end\">")
		t.num(10 * r.magnitude(9))
		t.str(" g</td><td class=\"text-end\">")
		t.num(r.skewed(300))
		t.str("</td><td class=\"text-end\">&euro;")
		t.num(r.magnitude(8))
		t.str(".99</td></tr>\n")
	}
	t.str("</tbody>\n</table>\n")
}

func (h *html) menu(t *text) {
	t.str("<ul class=\"nav flex-column\">\n")
	for range 2 + h.rng.below(7) {
		t.str("  <li class=\"nav-item\"><a class=\"nav-link\" href=\"/c/")
		h.slug(t)
		t.str("\">")
		h.prose.title(t, h.rng.between(1, 3))
		t.str("</a> <span class=\"badge bg-secondary\">")
		t.num(h.rng.magnitude(10))
		t.str("</span></li>\n")
	}
	t.str("</ul>\n")
}

const pageTop = `<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/app.4f1c9e.css" integrity="sha384-Xl0R5rD9vQ2mYb7cT1nWzEwq3kUj8sHfPpL6aGtN4oKdVxI" crossorigin="anonymous">
<script src="/static/app.4f1c9e.js" defer></script>
</head>
<body class="bg-light">
<nav class="navbar navbar-expand-lg navbar-dark bg-dark"><div class="container-fluid"><a class="navbar-brand" href="/">Corner Shop</a>
<form class="d-flex" role="search" action="/search" method="get"><input class="form-control me-2" type="search" name="q" placeholder="Search" aria-label="Search"><button class="btn btn-outline-light" type="submit">Search</button></form>
</div></nav>
<main class="container">
`

const pageBottom = `</main>
<footer class="footer mt-auto py-3 bg-dark text-light"><div class="container"><p>&copy; 2026 Corner Shop. All prices include VAT. <a href="/terms">Terms</a> &middot; <a href="/privacy">Privacy</a> &middot; <a href="/contact">Contact</a></p></div></footer>
</body>
</html>
`
