package sampling

// milder reports whether a plan of this severity asks less than other's; ""
// stands for the severity in force.
func (s Severity) milder(other Severity) bool {
	rank := map[Severity]int{Reduced: 1, Normal: 2, Tightened: 3}
	return rank[s] > 0 && rank[s] < rank[other]
}

// Ruled applies what is known between two lots: whether production is steady and
// whether purchasing agrees with reduced inspection. Reduced inspection ends at
// once without either (ISO 2859-1, 9.3.4; Z1.4, 8.3.4), and begins at once where
// agreement was all that was missing. changed says whether the severity did; its
// Reason names the lots that earned it, none where the ruling alone is the cause.
func (r Rules) Ruled(s State, steady, approved bool) (next State, why Reason, changed bool) {
	severity := s.Severity
	switch {
	case severity == Reduced && !steady:
		severity, why = Normal, whyIrregular(0)
	case severity == Reduced && !approved:
		severity, why = Normal, whyWithdrawn(0)
	case severity == Normal && r.Scheme == Z14:
		severity, why = r.reduceZ14(s, steady, approved)
	case severity == Normal:
		severity, why = reduceISO(s, steady, approved)
	}
	if severity == s.Severity {
		return s, why, false
	}
	if severity == Normal {
		why.Lots = nil
	}
	s.enter(severity)
	return s, why, true
}

// Resume goes on at tightened inspection after a corrective action was accepted
// (ISO 2859-1, 9.4). A series that isn't discontinued stays as it is.
func (r Rules) Resume(s State) (next State, why Reason, changed bool) {
	if s.Severity != Discontinued {
		return s, Reason{}, false
	}
	s.enter(Tightened)
	return s, whyResumed(), true
}

// Ready reports whether the lots have earned reduced inspection: the switching
// score is reached, or Z1.4's ten lots in a row are. What may still be missing is
// steady production and purchasing's agreement.
func (r Rules) Ready(s State) bool {
	_, _, ready := r.Ruled(s, true, true)
	return ready && s.Severity == Normal
}

// Outlook says in both languages what the series waits for: how far each change
// from the severity in force is.
func (r Rules) Outlook(s State) (en, zh []string) {
	say := func(why Reason) { en, zh = append(en, why.EN), append(zh, why.ZH) }
	switch s.Severity {
	case Tightened:
		say(because(ReasonStays, nil, "%d of %d accepted in a row: then normal inspection", "连续接收%d批（需%d批）：届时转为正常检验", s.Accepted, acceptedLimit))
		say(because(ReasonStays, nil, "%d of %d not accepted in all: then inspection is discontinued", "累计未接收%d批（达%d批）：届时暂停检验", len(s.Refused), discontinueAt))
	case Reduced:
		say(because(ReasonStays, nil, "normal inspection returns with the first lot not accepted, with irregular production or without purchasing's agreement",
			"如有一批未被接收、生产不稳定或采购不再同意，则恢复正常检验"))
	case Discontinued:
		say(because(ReasonStays, nil, "tightened inspection resumes when purchasing rules it with an accepted corrective action", "采购凭已认可的纠正措施裁定后，按加严检验恢复"))
	default:
		say(because(ReasonStays, nil, "%d of the last %d lots or fewer not accepted: at %d inspection becomes tightened", "最近%[2]d批（或更少）中%[1]d批未被接收：达%[3]d批转为加严检验",
			len(s.refusedInWindow()), window, refusedLimit))
		if r.Scheme == Z14 {
			say(because(ReasonStays, nil, "%d of %d accepted in a row: then reduced inspection is possible", "连续接收%d批（需%d批）：届时可放宽检验", s.Accepted, reducedAfter))
			break
		}
		say(because(ReasonStays, nil, "the switching score is %d of %d: then reduced inspection is possible", "转移得分为%d（需%d）：届时可放宽检验", s.Score, scoreLimit))
	}
	return en, zh
}
