package sampling

import "fmt"

// ReasonCode names why the next lot has its severity.
type ReasonCode string

// The reasons. Those that change the severity name the lots that caused it.
const (
	ReasonStays          ReasonCode = "stays"
	ReasonNotSteady      ReasonCode = "not_steady"
	ReasonNotApproved    ReasonCode = "not_approved"
	ReasonOverLimit      ReasonCode = "over_limit_number"
	ReasonResubmitted    ReasonCode = "resubmitted"
	ReasonMilder         ReasonCode = "inspected_more_mildly"
	ReasonResumed        ReasonCode = "resumed"
	ReasonStopped        ReasonCode = "still_discontinued"
	ReasonTwoRefused     ReasonCode = "two_not_accepted"
	ReasonFiveAccepted   ReasonCode = "five_accepted"
	ReasonDiscontinue    ReasonCode = "five_not_accepted"
	ReasonScore          ReasonCode = "score_reached"
	ReasonTenAccepted    ReasonCode = "ten_accepted"
	ReasonReducedRefused ReasonCode = "reduced_not_accepted"
	ReasonGap            ReasonCode = "reduced_gap"
	ReasonIrregular      ReasonCode = "production_irregular"
	ReasonWithdrawn      ReasonCode = "approval_withdrawn"
)

// Reason explains the severity of the next lot: a code, a sentence in each
// language, and the numbers (from 1) of the lots in the series that caused a change.
type Reason struct {
	EN   string     `json:"reason"`
	Code ReasonCode `json:"reason_code"`
	ZH   string     `json:"reason_zh"`
	Lots []int      `json:"-"`
}

// Text is the sentence in "zh", or in English for any other language.
func (r Reason) Text(lang string) string {
	if lang == "zh" {
		return r.ZH
	}
	return r.EN
}

// because makes a Reason; both formats take the same args.
func because(code ReasonCode, lots []int, en, zh string, args ...any) Reason {
	return Reason{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...), Code: code, Lots: lots}
}

// atLot puts the index of the lot before the field of an *Error.
func atLot(i int, err error) error {
	if e, ok := err.(*Error); ok {
		return &Error{Field: fmt.Sprintf("lots[%d].%s", i, e.Field), EN: e.EN, ZH: e.ZH}
	}
	return err
}

// last are the numbers of the last n counted lots.
func last(n int, recent []Counted) []int {
	var lots []int
	for _, c := range recent[max(0, len(recent)-n):] {
		lots = append(lots, c.Lot)
	}
	return lots
}

// whyTighten counts from the first of the lots not accepted, resubmitted ones apart.
func whyTighten(recent []Counted, refused []int) Reason {
	of := 0
	for _, c := range recent {
		if c.Lot >= refused[0] {
			of++
		}
	}
	return because(ReasonTwoRefused, refused, "%d of the last %d lots were not accepted", "最近%[2]d批中有%[1]d批未被接收", len(refused), of)
}

func whyAcceptedInRow(s State) Reason {
	return because(ReasonFiveAccepted, last(acceptedLimit, s.Recent), "%d lots in a row were accepted on tightened inspection", "加严检验中连续%d批被接收", s.Accepted)
}

func whyDiscontinue(s State) Reason {
	return because(ReasonDiscontinue, s.Refused, "%d lots in all were not accepted on tightened inspection", "加严检验中累计%d批未被接收", len(s.Refused))
}

func whyTightenedStays(s State) Reason {
	return because(ReasonStays, nil, "tightened inspection goes on: %d lots in a row accepted, %d in all not accepted", "继续加严检验：连续接收%d批，累计未接收%d批", s.Accepted, len(s.Refused))
}

func whyDiscontinued() Reason {
	return because(ReasonStopped, nil, "inspection is discontinued until a corrective action is accepted", "检验已暂停，待纠正措施被认可后恢复")
}

func whyResumed() Reason {
	return because(ReasonResumed, nil, "a corrective action was accepted: inspection resumed at tightened", "纠正措施已被认可：从加严检验恢复")
}

func whyResubmitted() Reason {
	return because(ReasonResubmitted, nil, "a resubmitted lot doesn't count", "再次提交的批不计入")
}

func whyMilder(used Severity) Reason {
	return because(ReasonMilder, nil, "a lot accepted on %[1]s inspection earns nothing here", "按%[2]s接收的批在此不计入", used.Text("en"), used.Text("zh"))
}

func whyScoreReached(s State) Reason {
	return because(ReasonScore, last(s.Scored, s.Recent), "the switching score is %d, production is steady and purchasing agrees", "转移得分为%d，生产稳定，采购同意", s.Score)
}

func whyScoreStays(s State) Reason {
	return because(ReasonStays, nil, "normal inspection goes on: the switching score is %d of %d", "继续正常检验：转移得分为%d（需%d）", s.Score, scoreLimit)
}

func whyRunReached(s State) Reason {
	return because(ReasonTenAccepted, last(reducedAfter, s.Recent), "the last %d lots were accepted, production is steady and purchasing agrees", "最近%d批均被接收，生产稳定，采购同意", reducedAfter)
}

func whyRunStays(s State) Reason {
	return because(ReasonStays, nil, "normal inspection goes on: %d of %d lots in a row accepted", "继续正常检验：连续接收%d批（需%d批）", s.Accepted, reducedAfter)
}

func whyOverLimit(sum, limit int) Reason {
	return because(ReasonOverLimit, nil, "normal inspection goes on: %d found in the last 10 lots, above the limit number %d", "继续正常检验：最近10批共发现%d，超过界限数%d", sum, limit)
}

func whyNotSteady() Reason {
	return because(ReasonNotSteady, nil, "normal inspection goes on: production is not steady", "继续正常检验：生产不稳定")
}

func whyNotApproved() Reason {
	return because(ReasonNotApproved, nil, "normal inspection goes on: purchasing has not agreed to reduced inspection", "继续正常检验：采购未同意放宽检验")
}

func whyReducedStays() Reason {
	return because(ReasonStays, nil, "reduced inspection goes on: the lot was accepted", "继续放宽检验：本批被接收")
}

func whyNormalRefused(lot int) Reason {
	return because(ReasonReducedRefused, []int{lot}, "a lot was not accepted on reduced inspection", "放宽检验中有一批未被接收")
}

func whyGap(plan Plan, found, lot int) Reason {
	return because(ReasonGap, []int{lot}, "%d found lies between Ac %d and Re %d: the lot is accepted, normal inspection follows", "发现%d，介于Ac %d与Re %d之间：本批接收，恢复正常检验", found, plan.Ac, plan.Re)
}

func whyIrregular(lot int) Reason {
	return because(ReasonIrregular, []int{lot}, "production became irregular", "生产变得不稳定")
}

func whyWithdrawn(lot int) Reason {
	return because(ReasonWithdrawn, []int{lot}, "purchasing no longer agrees to reduced inspection", "采购不再同意放宽检验")
}
