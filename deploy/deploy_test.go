package deploy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// objects are those of the files for Kubernetes, by kind.
type objects struct {
	deployments []appsv1.Deployment
	daemons     []appsv1.DaemonSet
	jobs        []batchv1.Job
	services    []corev1.Service
	claims      []corev1.PersistentVolumeClaim
	budgets     []policyv1.PodDisruptionBudget
	scalers     []autoscalingv2.HorizontalPodAutoscaler
}

// strictly reads one document into its type: unknown and repeated fields are errors.
func strictly[T any](t *testing.T, to *[]T, text []byte) {
	t.Helper()
	var v T
	if err := yaml.UnmarshalStrict(text, &v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	*to = append(*to, v)
}

func read(t *testing.T) (all objects) {
	t.Helper()
	files, err := filepath.Glob("kubernetes/*.yaml")
	if err != nil || len(files) < 4 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, file := range files {
		if filepath.Base(file) == "nats-values.yaml" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range bytes.Split(text, []byte("\n---\n")) {
			var head v1.TypeMeta
			if err := yaml.Unmarshal(doc, &head); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			switch head.APIVersion + " " + head.Kind {
			case "apps/v1 Deployment":
				strictly(t, &all.deployments, doc)
			case "apps/v1 DaemonSet":
				strictly(t, &all.daemons, doc)
			case "batch/v1 Job":
				strictly(t, &all.jobs, doc)
			case "v1 Service":
				strictly(t, &all.services, doc)
			case "v1 PersistentVolumeClaim":
				strictly(t, &all.claims, doc)
			case "policy/v1 PodDisruptionBudget":
				strictly(t, &all.budgets, doc)
			case "autoscaling/v2 HorizontalPodAutoscaler":
				strictly(t, &all.scalers, doc)
			default:
				t.Errorf("%s has a %s of %s, which no test reads", file, head.Kind, head.APIVersion)
			}
		}
	}
	return all
}

// pods are the templates of all that runs pods.
func (o objects) pods() map[string]corev1.PodTemplateSpec {
	pods := map[string]corev1.PodTemplateSpec{}
	for _, d := range o.deployments {
		pods[d.Name] = d.Spec.Template
	}
	for _, d := range o.daemons {
		pods[d.Name] = d.Spec.Template
	}
	for _, j := range o.jobs {
		pods[j.Name] = j.Spec.Template
	}
	return pods
}

func selects(s *v1.LabelSelector, labels map[string]string) bool {
	for k, v := range s.MatchLabels {
		if labels[k] != v {
			return false
		}
	}
	return len(s.MatchLabels) > 0
}

// No container may do more than it needs: not root, nothing to write but /tmp and what is
// mounted for results.
func TestPodsAreConfined(t *testing.T) {
	all := read(t)
	if len(all.pods()) != 3 {
		t.Fatalf("%d pods, want the shop, the shards and the agents", len(all.pods()))
	}
	for name, pod := range all.pods() {
		sec := pod.Spec.SecurityContext
		if sec == nil || sec.RunAsNonRoot == nil || !*sec.RunAsNonRoot || sec.RunAsUser == nil || *sec.RunAsUser == 0 || sec.SeccompProfile == nil {
			t.Errorf("%s: security of the pod is %+v", name, sec)
		}
		if token := pod.Spec.AutomountServiceAccountToken; token == nil || *token {
			t.Errorf("%s has a token of the cluster", name)
		}
		for _, c := range pod.Spec.Containers {
			s := c.SecurityContext
			if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation ||
				s.Capabilities == nil || !slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) {
				t.Errorf("%s: security of the container is %+v", name, s)
			}
			var writes []string
			for _, m := range c.VolumeMounts {
				if !slices.ContainsFunc(pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name }) {
					t.Errorf("%s mounts %s, which is no volume", name, m.Name)
				}
				if !m.ReadOnly {
					writes = append(writes, m.MountPath)
				}
			}
			if !slices.Contains(writes, "/tmp") {
				t.Errorf("%s cannot write to /tmp, but to %v", name, writes)
			}
			for _, env := range c.Env {
				if strings.HasPrefix(env.Name, "XDG_") && !strings.HasPrefix(env.Value, "/tmp/") {
					t.Errorf("%s writes to %s", name, env.Value)
				}
			}
			if c.Resources.Requests.Cpu().IsZero() || c.Resources.Limits.Memory().IsZero() {
				t.Errorf("%s does not say what it needs: %+v", name, c.Resources)
			}
		}
	}
}

// What belongs together names each other.
func TestShop(t *testing.T) {
	all := read(t)
	d := all.deployments[0]
	labels := d.Spec.Template.Labels
	if !selects(d.Spec.Selector, labels) || !selects(all.budgets[0].Spec.Selector, labels) || !selects(&v1.LabelSelector{MatchLabels: all.services[0].Spec.Selector}, labels) {
		t.Errorf("labels of pods are %v", labels)
	}
	if ref := all.scalers[0].Spec.ScaleTargetRef; ref.Kind != d.Kind || ref.Name != d.Name || ref.APIVersion != d.APIVersion {
		t.Errorf("scaled is %+v", ref)
	}
	if least, can := *all.scalers[0].Spec.MinReplicas, all.budgets[0].Spec.MinAvailable.IntVal; can >= least {
		t.Errorf("of %d pods %d must stay: no node can be emptied", least, can)
	}
	c := d.Spec.Template.Spec.Containers[0]
	for about, probe := range map[string]*corev1.Probe{"startup": c.StartupProbe, "readiness": c.ReadinessProbe, "liveness": c.LivenessProbe} {
		if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Port.StrVal != c.Ports[0].Name {
			t.Errorf("%s probe is %+v", about, probe)
		}
	}
	if c.ReadinessProbe.HTTPGet.Path != "/healthz" || c.LivenessProbe.HTTPGet.Path == "/healthz" {
		t.Error("a shop that ends is not ready, and alive: only /healthz says that it ends")
	}
	if all.services[0].Spec.Ports[0].TargetPort.StrVal != c.Ports[0].Name {
		t.Errorf("the service sends to %+v", all.services[0].Spec.Ports)
	}
}

func TestShards(t *testing.T) {
	all := read(t)
	job := all.jobs[0]
	args := job.Spec.Template.Spec.Containers[0].Args
	at := slices.Index(args, "--shards")
	if *job.Spec.CompletionMode != batchv1.IndexedCompletion || at < 0 || args[at+1] != "5" || *job.Spec.Completions != 5 {
		t.Errorf("%v of %d completions", args, *job.Spec.Completions)
	}
	for _, v := range job.Spec.Template.Spec.Volumes {
		if v.PersistentVolumeClaim != nil && v.PersistentVolumeClaim.ClaimName != all.claims[0].Name {
			t.Errorf("there is no claim %s", v.PersistentVolumeClaim.ClaimName)
		}
	}
	agents := all.daemons[0]
	if !selects(agents.Spec.Selector, agents.Spec.Template.Labels) {
		t.Errorf("labels of agents are %v", agents.Spec.Template.Labels)
	}
}

// compose is what compose.yaml may say.
type compose struct {
	Name     string              `json:"name"`
	Services map[string]service  `json:"services"`
	Volumes  map[string]struct{} `json:"volumes"`
}

type service struct {
	Image           string   `json:"image"`
	Command         []string `json:"command"`
	Ports           []string `json:"ports"`
	User            string   `json:"user"`
	ReadOnly        bool     `json:"read_only"`
	Tmpfs           []string `json:"tmpfs"`
	CapDrop         []string `json:"cap_drop"`
	SecurityOpt     []string `json:"security_opt"`
	StopGracePeriod string   `json:"stop_grace_period"`
	Restart         string   `json:"restart"`
	Profiles        []string `json:"profiles"`
	DependsOn       []string `json:"depends_on"`
	Volumes         []string `json:"volumes"`
}

func readCompose(t *testing.T) (c compose) {
	t.Helper()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// ours reports whether an image is that of this program.
func ours(image string) bool { return strings.Contains(image, "/zstdshop:") }

func TestCompose(t *testing.T) {
	for name, s := range readCompose(t).Services {
		if ours(s.Image) && (s.User != "65534:65534" || !s.ReadOnly || len(s.Tmpfs) == 0 || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.SecurityOpt) == 0) {
			t.Errorf("%s may do too much: %+v", name, s)
		}
	}
}

// The program itself parses each command: all its flags, and their values.
func TestCommands(t *testing.T) {
	program := filepath.Join(t.TempDir(), "zstdshop")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = ".."
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	commands := map[string][]string{}
	for name, pod := range read(t).pods() {
		for _, c := range pod.Spec.Containers {
			commands["kubernetes "+name] = c.Args
		}
	}
	for name, s := range readCompose(t).Services {
		if ours(s.Image) {
			commands["compose "+name] = s.Command
		}
	}
	text, err := os.ReadFile("github/shards.yml")
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`\$\{\{.*?\}\}`).ReplaceAll(text, []byte("1"))
	for _, line := range regexp.MustCompile(`(?m)^ *- run: \./zstdshop ([^>\n]*)`).FindAllSubmatch(text, -1) {
		commands["github "+string(line[1])] = strings.Fields(string(line[1]))
	}
	if len(commands) != 7 {
		t.Fatalf("%d commands: %v", len(commands), commands)
	}
	for name, args := range commands {
		t.Run(name, func(t *testing.T) {
			said, err := exec.Command(program, append(args, "--help")...).CombinedOutput()
			if err != nil {
				t.Errorf("%q: %v: %s", args, err, said)
			}
			// What help takes, a flag that is not there must not.
			if _, err := exec.Command(program, append(args, "--no-such-flag", "--help")...).CombinedOutput(); err == nil {
				t.Error("an unknown flag passes: this test shows nothing")
			}
		})
	}
}
