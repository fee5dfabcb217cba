// Package fleet measures a matrix on many machines, over NATS JetStream.
//
// A controller (bench --fleet) cuts a plan into units, each of which holds all that is
// compared with each other, and puts them into a work queue. Agents, one on a machine,
// take one unit at a time, measure it as bench would, and send what came out. Nothing
// is compared across machines.
//
// In reading order:
//
//  1. Hub (hub.go) is the place where both meet: two streams, two buckets of keys and
//     two of objects. names.go says what each is called, and so what a server's
//     permissions are about.
//  2. Unit (unit.go), Outcome (outcome.go), Presence (presence.go) and Run (run.go) are
//     what is sent. Each has one decoder, which takes nothing that it does not know to
//     be whole and possible: what comes over the wire is somebody else's.
//  3. Agent (agent.go) takes units; admit.go says which it does not. Engine (engine.go)
//     measures them with package measure.
//  4. Controller (controller.go) starts a run or goes on with one, and collects.
//
// Nothing is lost: a unit leaves the queue when its result is stored, and is given to
// another agent when nothing has been heard of it for a while. Nothing is there twice:
// of several outcomes of one unit the first counts.
package fleet
