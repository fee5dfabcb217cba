package corpus

import "strings"

// prose writes English-looking text. The words are drawn by Zipf's law, the
// n-th with weight 1/n; one in thirty is made up of syllables, because real
// text keeps introducing new words. There is no grammar beyond pairs that
// recur, so the text compresses about as well as real prose and means nothing.
type prose struct {
	rng    *rng
	common []string
	// draw maps 13 random bits to a word, each word holding a share of the
	// entries by its weight.
	draw [1 << 13]uint16
}

func newProse(r *rng) *prose {
	p := &prose{rng: r, common: strings.Fields(commonWords)}
	var total int64
	for n := range p.common {
		total += weight(n)
	}
	var sum, at int64
	for n := range p.common {
		sum += weight(n)
		for end := sum * int64(len(p.draw)) / total; at < end; at++ {
			p.draw[at] = uint16(n)
		}
	}
	return p
}

// weight returns the weight of the n-th word, from 0. The offset gives the
// first words the share they have in English, about 5 %.
func weight(n int) int64 { return (1 << 20) / int64(n+3) }

// word appends one word.
func (p *prose) word(t *text) {
	bits := p.rng.next()
	if bits&31 == 0 {
		rareWord(t, bits>>5)
		return
	}
	t.str(p.common[p.draw[bits>>51]])
}

// rareWord appends a made-up word of two to four syllables.
func rareWord(t *text, bits uint64) {
	for n := 2 + bits%3; n > 0; n-- {
		t.str(onsets[bits>>2%uint64(len(onsets))])
		t.str(rimes[bits>>11%uint64(len(rimes))])
		bits = bits>>18 | bits<<46
	}
}

// words appends n words with spaces between them.
func (p *prose) words(t *text, n int) {
	for i := range n {
		if i > 0 {
			t.str(" ")
		}
		p.word(t)
	}
}

// title appends n words, the first with a capital.
func (p *prose) title(t *text, n int) {
	start := len(*t)
	p.words(t, n)
	if c := (*t)[start]; 'a' <= c && c <= 'z' {
		(*t)[start] = c - 'a' + 'A'
	}
}

// sentence appends one of 5 to 22 words, a third with a comma inside.
func (p *prose) sentence(t *text) {
	p.title(t, p.rng.between(3, 10))
	if p.rng.oneIn(3) {
		t.str(",")
	}
	t.str(" ")
	p.words(t, p.rng.between(2, 12))
	t.str(".")
}

// sentences appends n of them.
func (p *prose) sentences(t *text, n int) {
	for i := range n {
		if i > 0 {
			t.str(" ")
		}
		p.sentence(t)
	}
}

var (
	onsets = [...]string{"b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "l", "m", "n", "p", "pl", "qu", "r", "s", "sh", "st", "t", "th", "tr", "v", "w"}
	rimes  = [...]string{"a", "al", "an", "ar", "e", "ed", "el", "en", "er", "est", "i", "ic", "in", "ing", "ish", "o", "on", "or", "ous", "u", "um", "ure", "y"}
)

// commonWords is English by falling frequency for the first hundred or so, then
// the words of a shop, a magazine and an office.
const commonWords = `
the of and to a in is that for it as was with be by on not he i this are or his from at which but have an had they you
were their one all we can her has there been if more when will would who so no she other its may these what them than
some him time into only do such my new about out also two any up first could our then most see me should after said
your very between made many over like those did now even well where must people through how same work being because
good each life before year under day used way three just back world own part long while great right still might find
men make down place know use high small much off old last every another take come since against go came himself few
house without again us around system number however think both water home never set found large point given school
fact hand went program less almost until always away something often side night group general order public need end
second better course next state form case week kind line company business early mind best several service during
interest within power question left along head four room later matter let important local church white local least
problem area family show country certain value name example free figure although open money moment city community
service price product order customer delivery colour size weight material cotton leather wooden steel glass ceramic
light dark blue green black grey warm soft simple classic modern compact portable travel kitchen garden office desk
chair table lamp shelf basket bottle jacket shirt shoes bag wallet watch camera phone cable battery charger speaker
screen keyboard printer paper notebook pencil brush paint canvas frame mirror carpet curtain pillow blanket towel
review quality return refund warranty stock available shipping standard express discount offer season collection
design range model version update release report market price growth quarter sales revenue profit percent share bank
credit payment account balance invoice contract agreement project manager team member meeting schedule deadline budget
plan strategy target result analysis research study method data source sample measure level average total increase
decrease change impact effect cause reason solution process step stage test check error failure repair support request
answer message letter email address street station train bus road bridge river lake mountain forest beach island coast
weather rain snow wind storm summer winter spring autumn morning evening breakfast lunch dinner coffee tea bread cheese
butter apple orange lemon tomato potato onion garlic pepper salt sugar honey flour rice pasta soup salad fish chicken
recipe oven minutes heat serve fresh music film book story author reader chapter page article editor newspaper picture
museum theatre concert festival ticket visitor tourist guide hotel castle village town square market history century
ancient king queen war peace law court judge police government minister party election vote policy tax health doctor
hospital patient medicine treatment disease science university student teacher lesson exam language word sentence
meaning idea theory practice experience knowledge skill training career job worker employer salary union industry
factory machine engine tool metal plastic energy oil gas electric nuclear solar climate animal bird horse dog cat tree
flower leaf root seed plant farm field farmer harvest football team player coach match season goal league champion race
runner swimmer medal record crowd stadium referee victory defeat brother sister mother father daughter son husband wife
child baby friend neighbour guest stranger voice face eye hair arm shoulder heart blood skin bone sleep dream memory fear
hope love anger joy pain trouble danger safety risk chance luck truth lie secret promise mistake excuse reply smile
laugh walk run drive fly swim climb jump fall rise stand sit lie wait stay leave arrive return begin finish stop start
continue follow lead bring carry send receive give get buy sell pay cost save spend lose win build break cut mix fill
empty wash clean dry cook eat drink taste smell hear listen speak tell ask write read learn teach understand believe
remember forget decide choose agree refuse allow prevent protect attack defend help hurt push pull throw catch hold drop
quick slow early late strong weak rich poor cheap expensive heavy easy difficult possible impossible necessary useful
beautiful ugly clever stupid brave shy polite rude honest quiet loud busy lazy hungry thirsty tired angry happy sad
proud afraid ready sure wrong near far north south east west inside outside above below behind beside across toward
together apart alone perhaps maybe quite rather really indeed certainly probably usually sometimes rarely already yet
soon today yesterday tomorrow tonight once twice ago ever else instead therefore thus moreover nevertheless otherwise
`
