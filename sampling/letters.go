package sampling

// letters are the sample size code letters, in the order of the tables' rows.
// There is no I and no O; S stands in tightened inspection only.
const letters = "ABCDEFGHJKLMNPQRS"

// codeLetters is table 1 of ISO 2859-1 and table I of Z1.4: for lots up to
// the size given, the letter at the levels S-1 S-2 S-3 S-4 I II III.
var codeLetters = [...]struct {
	upTo   int // 0: and over
	letter string
}{
	{8, "AAAAAAB"},
	{15, "AAAAABC"},
	{25, "AABBBCD"},
	{50, "ABBCCDE"},
	{90, "BBCCCEF"},
	{150, "BBCDDFG"},
	{280, "BCDEEGH"},
	{500, "BCDEFHJ"},
	{1200, "CCEFGJK"},
	{3200, "CDEGHKL"},
	{10000, "CDFGJLM"},
	{35000, "CDFHKMN"},
	{150000, "DEGJLNP"},
	{500000, "DEGJMPQ"},
	{0, "DEHKNQR"},
}

// CodeLetter is the sample size code letter for a lot size at a level
// (ISO 2859-1, table 1). A lot of one unit has none: "".
func CodeLetter(lot int, level Level) (string, error) {
	column, err := levelColumn(level)
	if err != nil {
		return "", err
	}
	if lot < 1 {
		return "", refuseLot(lot)
	}
	if lot == 1 {
		return "", nil
	}
	row := 0
	for codeLetters[row].upTo != 0 && lot > codeLetters[row].upTo {
		row++
	}
	return codeLetters[row].letter[column : column+1], nil
}

func refuseLot(lot int) *Error {
	return refuse("lot", "the lot has %d units: it must have at least 1", "批量为 %d：至少应为 1", lot)
}

// levelColumn is the position of the level in a row of codeLetters.
func levelColumn(level Level) (int, error) {
	switch level {
	case LevelS1:
		return 0, nil
	case LevelS2:
		return 1, nil
	case LevelS3:
		return 2, nil
	case LevelS4:
		return 3, nil
	case LevelI:
		return 4, nil
	case LevelII:
		return 5, nil
	case LevelIII:
		return 6, nil
	}
	return 0, refuse("level", "there is no inspection level %q: use S-1, S-2, S-3, S-4, I, II or III",
		"没有检验水平 %q：请用 S-1、S-2、S-3、S-4、I、II 或 III", string(level))
}
