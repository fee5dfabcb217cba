# The tables of docs/method.md, of verdicts of the present ways of comparing: what planted
# slowdowns were found, by kind of work, and all verdicts, each machine by itself:
#
#   jq -rsf docs/evidence/verdicts.jq docs/evidence/verdicts.jsonl
#   METHOD=m4 jq -rsf docs/evidence/verdicts.jq docs/evidence/before.jsonl    the program before

# Rows say their day since the AMD machine was calmer.
def machine: ({"82e01d74c31c": "Intel", "680d48abb5e1": "Intel", "e6b40c6f4899": "AMD", "cd3201f685f0": "AMD"}[.machine] // .machine)
	+ if .day then ", later" else "" end;
def planted: if .planted_permille == 0 then "nothing" else "\(.planted_permille / 10) %" end;
def weather: .note // "" | {"": "", burner: ", a burner"}[.] // ", \(.)";
def what: planted + weather;
def present: .method == ($ENV.METHOD // if .workload == "pool" then "m9" else "m6" end);
def decidable: .planted_permille != 20 or .delta < 0.02; # else both answers are right
def count(verdict): map(select(.verdict == verdict)) | length;
def found: if length == 0 then "" else "\(count("slower")) of \(length)" end;
def in_order(also): group_by([.planted_permille > 0, .budget_ns, (.note // "") != "", .planted_permille, .note, also]);

# Of a planted slowdown the undecided ones are told by their work.
def undecided: . as $all | count("undecided") as $n
	| if $n == 0 or .[0].planted_permille == 0 then "\($n)"
		else "\($n): " + ([$all | group_by(.workload)[]
			| select(count("undecided") > 0) | "\(count("undecided")) of \(length) of \(.[0].workload)"] | join(", "))
		end;

["klauspost", "datadog", "pool", "garbage", "cpuburn"] as $work
| map(select(present and decidable))
| ["| planted | at most | \($work | join(" | ")) |", "|---|---|" + ($work | map("---|") | join(""))],
	(map(select(.planted_permille > 0)) | in_order(0)
		| map(. as $rows | "| \(.[0] | what) | \(.[0].budget_ns / 1e9) s | \($work | map(. as $w | $rows | map(select(.workload == $w)) | found) | join(" | ")) |")),
	["", "| planted | at most | machine | verdicts | slower | faster | equivalent | undecided |", "|---|---|---|---|---|---|---|---|"],
	(in_order(machine)
		| map("| \(.[0] | what) | \(.[0].budget_ns / 1e9) s | \(.[0] | machine) | \(length) | \(count("slower")) | \(count("faster")) | \(count("equivalent")) | \(undecided) |"))
| .[]
