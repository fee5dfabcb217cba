# The table of docs/method.md, of verdicts of the present way of comparing:
#
#   jq -rsf docs/evidence/verdicts.jq docs/evidence/verdicts.jsonl

def machine: {"82e01d74c31c": "Intel", "680d48abb5e1": "Intel", "e6b40c6f4899": "AMD", "cd3201f685f0": "AMD"}[.machine] // .machine;
def planted: if .planted_permille == 0 then "nothing" else "\(.planted_permille / 10) %" end;
def weather: .note // "" | {"": "", burner: ", a burner"}[.] // ", \(.)";
def present: .method == (if .workload == "pool" then "m9" else "m6" end);
def decidable: .planted_permille != 20 or .delta < 0.02; # else both answers are right
def count(verdict): map(select(.verdict == verdict)) | length;

# Of a planted slowdown the undecided ones are told by their work.
def undecided: . as $all | count("undecided") as $n
	| if $n == 0 or .[0].planted_permille == 0 then "\($n)"
		else "\($n): " + ([$all | group_by(.workload)[]
			| select(count("undecided") > 0) | "\(count("undecided")) of \(length) of \(.[0].workload)"] | join(", "))
		end;

["| planted | at most | machine | verdicts | slower | faster | equivalent | undecided |", "|---|---|---|---|---|---|---|---|"],
(map(select(present and decidable))
	| group_by([.planted_permille > 0, .budget_ns, (.note // "") != "", .planted_permille, .note, machine])
	| map("| \(.[0] | planted + weather) | \(.[0].budget_ns / 1e9) s | \(.[0] | machine) | \(length) | \(count("slower")) | \(count("faster")) | \(count("equivalent")) | \(undecided) |"))
| .[]
