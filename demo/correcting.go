package demo

import (
	"fmt"
	"strings"
	"time"

	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
)

// demand is a corrective action that purchasing asks of a supplier, and how the
// supplier answers: one answer for each step but the last, as far as they go.
type demand struct {
	Problem string   `json:"problem"`
	Answers []string `json:"answers"`
	Late    int      `json:"late"`  // days that the answers after the first come late
	Vague   string   `json:"vague"` // an answer about the root cause that we don't accept, before the right one
}

// trust is what is open between us and a supplier.
type trust struct {
	seen     models.ID   // the last original visit
	accepted []models.ID // corrective actions that the next visit verifies
	remedy   models.ID   // the one that shall resume sampling
	resumes  time.Time   // when it does
}

func (d *deal) trust() *trust {
	code := d.supplier.Party.Code
	if d.trusts[code] == nil {
		d.trusts[code] = &trust{}
	}
	return d.trusts[code]
}

// require opens the corrective action and notes the supplier's answers.
func (d *deal) require(at time.Time, in recovery.ActionInput, course demand) (models.ID, error) {
	a, err := recovery.OpenAction(d.ctx, d.tx, d.as("purchasing", at), in)
	if err != nil {
		return models.ID{}, err
	}
	for n, answer := range course.Answers {
		step, due := a.Steps[n].Step, d.midnight(a.Steps[n].DueOn)
		switch {
		case n > 0 && course.Late > 0:
			due = after(due, course.Late)
		case n > 0 && len(in.Due) == 0:
			due = after(due, -n)
		}
		if step == "root_cause" && course.Vague != "" {
			early := after(due, -3)
			d.later(d.clock(early, 10, 0), d.replies(a.ID, step, course.Vague))
			d.later(d.clock(early, 15, 0), d.reviews(a.ID, step, recovery.ReviewInput{Note: "未说明根本原因，请重新分析。 This names no root cause: please analyse again."}))
		}
		d.later(d.clock(due, 11, 0), d.replies(a.ID, step, answer))
		d.later(d.clock(after(due, 1), 15, 0), d.reviews(a.ID, step, recovery.ReviewInput{Accepted: true}))
	}
	return a.ID, nil
}

// replies is the supplier's answer to a step.
func (d *deal) replies(id models.ID, step, answer string) func(time.Time) error {
	return func(at time.Time) error {
		by := d.as("purchasing", at)
		a, err := recovery.GetAction(d.ctx, d.tx, by, id)
		if err != nil {
			return err
		}
		_, err = recovery.AnswerStep(d.ctx, d.tx, by, id, step, a.Version, recovery.AnswerInput{Answer: answer})
		return err
	}
}

// reviews is our view of the answer. Where all of them are accepted, the next
// visit shows what they were worth.
func (d *deal) reviews(id models.ID, step string, in recovery.ReviewInput) func(time.Time) error {
	return func(at time.Time) error {
		by := d.as("purchasing", at)
		a, err := recovery.GetAction(d.ctx, d.tx, by, id)
		if err != nil {
			return err
		}
		if a, err = recovery.ReviewStep(d.ctx, d.tx, by, id, step, a.Version, in); err != nil {
			return err
		}
		t := d.trust()
		if a.State == models.ActionAccepted {
			t.accepted = append(t.accepted, id)
		}
		if a.State != models.ActionAccepted || id != t.remedy {
			return nil
		}
		_, err = inspections.Rule(d.ctx, d.tx, by, inspections.RulingInput{
			SupplierID: a.SupplierID, ProductID: d.products.product, StandardCode: d.supplier.Standard.Code, Kind: models.RuleResume,
			CorrectiveActionID: &id, Reason: "整改报告 " + a.Number + " 已认可，按加严检验恢复。 Accepted; sampling goes on at tightened.",
		})
		return err
	}
}

// resumed does what waits for sampling of the supplier's goods to resume: a
// corrective action is asked for in haste, and its acceptance resumes it.
func (d *deal) resumed(at time.Time, do func(at time.Time) error) (err error) {
	t, on := d.trust(), models.DateOf(at)
	if !t.resumes.After(at) {
		course := d.answers()
		course.Problem = "连续加严批不合格，抽样检验暂停。 Too many lots at tightened were not accepted: sampling is discontinued."
		t.remedy, err = d.require(at, recovery.ActionInput{InspectionID: &t.seen, Problem: course.Problem, Due: []recovery.StepDue{
			{Step: "containment", DueOn: on.AddDays(1)}, {Step: "root_cause", DueOn: on.AddDays(4)}, {Step: "correction", DueOn: on.AddDays(7)},
			{Step: "prevention", DueOn: on.AddDays(9)},
		}}, course)
		t.resumes = d.clock(after(d.dayOf(at), 11), 10, 0)
	}
	d.later(t.resumes.Add(time.Hour), do)
	return err
}

// verify closes the supplier's accepted actions by what a visit showed.
func (d *deal) verify(at time.Time, i *models.Inspection) error {
	by := d.as("purchasing", at)
	t := d.trust()
	var waiting []models.ID
	for _, id := range t.accepted {
		a, err := recovery.GetAction(d.ctx, d.tx, by, id)
		if err != nil {
			return err
		}
		if i.InspectedOn <= a.OpenedOn {
			waiting = append(waiting, id)
			continue
		}
		in := recovery.VerifyInput{InspectionID: i.ID, Effective: true, Verification: "本次验货合格，未再出现该问题。 Accepted; the problem did not come back."}
		if i.Verdict != models.Accepted {
			in.Effective, in.Verification = false, "本次验货仍不合格，措施未见效。 Not accepted again: the measures did not work."
		}
		if _, err := recovery.Verify(d.ctx, d.tx, by, id, a.Version, in); err != nil {
			return err
		}
	}
	t.accepted = waiting
	return nil
}

// mayRequire asks, after about every second visit that was not accepted, for a
// corrective action. Who delivers late answers late, too.
func (d *deal) mayRequire(at time.Time, i *models.Inspection) error {
	if i.Verdict != models.NotAccepted || d.rng.Float64() > .5 {
		return nil
	}
	course := d.answers()
	if d.rng.Float64() < 2*d.supplier.Late {
		course.Late = 3 + d.rng.IntN(9)
	}
	if d.rng.Float64() < .2 {
		course.Vague = "操作员疏忽，已批评教育。 The operator was careless and has been told so."
	}
	course.Problem = fmt.Sprintf("验货 %[1]s 不合格：%[2]s。 Inspection %[1]s was not accepted: %[2]s.", i.Number, shown(i))
	_, err := d.require(at, recovery.ActionInput{InspectionID: &i.ID, Problem: course.Problem}, course)
	return err
}

// answers are what a supplier usually answers.
func (d *deal) answers() (course demand) {
	for _, words := range [][]string{contained, causes, corrections, preventions} {
		course.Answers = append(course.Answers, pick(d.rng, words...))
	}
	return course
}

// shown lists what a visit found.
func shown(i *models.Inspection) string {
	var out []string
	for _, l := range i.Lots {
		if l.Verdict != models.NotAccepted {
			continue
		}
		for _, f := range l.Findings {
			out = append(out, fmt.Sprintf("%s %d", f.Defect, f.Units))
		}
	}
	if len(out) == 0 {
		return "实测值超限 readings out of limits"
	}
	return strings.Join(out, ", ")
}
