package runners

// Pinned returns Pool in a process that is bound to one CPU.
//
// It models a container or a virtual machine with one core. It wins nothing; it
// shows what is left on a machine with one core. Unlike GOMAXPROCS1 it limits C
// calls, too. It loses a little to Single on that core, by switching between
// workers.
func Pinned() Runner { return pinned{} }

type pinned struct{ pool }

func (pinned) Info() Info {
	return Info{
		Summary: "the pool in a process bound to one CPU: C calls do not escape",
		Process: ProcessNeeds{CPUs: 1},
		Limit: Limit{
			Held:    "the kernel gives the process one CPU, whatever it calls",
			Escapes: "the process was not bound to one CPU",
		},
	}
}
