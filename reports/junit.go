package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"zstdshop/harness/result"
)

// The JUnit XML of the Jenkins plug-in's schema (junit-10.xsd), which GitLab and
// the others read: a suite for each metric, a case for each cell.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string      `xml:"classname,attr"`
		Name    string      `xml:"name,attr"`
		Skipped *junitText  `xml:"skipped"`
		Error   *junitFault `xml:"error"`
		Failure *junitFault `xml:"failure"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
	}
	junitFault struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the checks of a gate as JUnit XML: a regression is a failure, a
// cell that failed an error, what is undecided or accepted skipped. Where
// undecidedFails is set, what is undecided is a failure, too.
func JUnit(r *result.Result, undecidedFails bool) ([]byte, error) {
	all := junitSuites{Name: "zstdshop gate"}
	for _, checks := range result.GroupBy(r.Checks, func(c result.Check) string { return c.Metric }) {
		s := junitSuite{Name: checkedName(checkedMetric(checks[0])), Tests: len(checks), Timestamp: r.Plan.Started.UTC().Format("2006-01-02T15:04:05")}
		for _, c := range checks {
			tc := junitCase{Class: "zstdshop." + c.Metric, Name: visible(c.Cell)}
			message := checkText(c)
			switch {
			case c.Outcome == result.OutcomeRegression, c.Outcome == result.OutcomeUndecided && undecidedFails:
				tc.Failure = &junitFault{message, c.Outcome, message}
				s.Failures++
			case c.Outcome == result.OutcomeFailed:
				tc.Error = &junitFault{message, c.Outcome, message}
				s.Errors++
			case c.Outcome != result.OutcomePass:
				tc.Skipped = &junitText{message}
				s.Skipped++
			}
			s.Cases = append(s.Cases, tc)
		}
		all.Suites = append(all.Suites, s)
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return nil, fmt.Errorf("junit: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// checkText is one check on one line.
func checkText(c result.Check) string {
	m := checkedMetric(c)
	text := fmt.Sprintf("%s %s: %s", visible(shortName(c.Cell)), checkedName(m), c.Outcome)
	if change := changeText(c); change != "" {
		text += ", " + change + " where " + drawLimit(c) + " is allowed"
	}
	if c.Reason != "" {
		text += " (" + visible(c.Reason) + ")"
	}
	return text
}
