package models

import "encoding/json"

// Money is an exact amount: integer minor units (cents, fen, yen) of a currency.
// JSON form: {"amount":"626.40","currency":"USD"}.
type Money struct {
	Minor    int64  `json:"-"`
	Currency string `json:"currency"`
}

// currencies maps the ISO 4217 codes in use to their number of decimals.
var currencies = map[string]int{
	"AED": 2, "ARS": 2, "AUD": 2, "BDT": 2, "BGN": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2,
	"COP": 2, "CZK": 2, "DKK": 2, "EGP": 2, "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "IDR": 2, "ILS": 2, "INR": 2,
	"JOD": 3, "JPY": 0, "KES": 2, "KRW": 0, "KWD": 3, "KZT": 2, "LKR": 2, "MAD": 2, "MOP": 2, "MXN": 2, "MYR": 2,
	"NGN": 2, "NOK": 2, "NZD": 2, "OMR": 3, "PEN": 2, "PHP": 2, "PKR": 2, "PLN": 2, "QAR": 2, "RON": 2, "RUB": 2,
	"SAR": 2, "SEK": 2, "SGD": 2, "THB": 2, "TND": 3, "TRY": 2, "TWD": 2, "UAH": 2, "USD": 2, "UZS": 2, "VND": 0,
	"ZAR": 2,
}

// CurrencyPlaces is the number of decimals of an ISO 4217 currency: 2 for USD, 0 for JPY.
func CurrencyPlaces(code string) (places int, known bool) {
	places, known = currencies[code]
	return places, known
}

// ParseMoney reads an amount in a currency, refusing decimals the currency does
// not have and unknown currencies. The error is an *Error that names field.
func ParseMoney(field, amount, currency string) (Money, error) {
	places, known := CurrencyPlaces(currency)
	if !known {
		return Money{}, Invalid(join(field, "currency"), "%q is not a currency: use an ISO 4217 code such as USD or CNY.",
			"%q 不是币种：请使用 ISO 4217 代码，例如 USD、CNY。", shorten(currency))
	}
	d, err := ParseDecimal(join(field, "amount"), amount)
	if err != nil {
		return Money{}, err
	}
	n, ok := d.Scaled(places)
	if !ok || d.Places() > places {
		return Money{}, Invalid(join(field, "amount"), "%s has more decimals than %s has (%d).", "%s 的小数位多于币种 %s 允许的 %d 位。", amount, currency, places)
	}
	return Money{n, currency}, nil
}

// Amount is the amount with the currency's decimals, "626.40".
func (m Money) Amount() string {
	places := currencies[m.Currency]
	return DecimalFromScaled(m.Minor, places).String()
}

// String is "USD 626.40".
func (m Money) String() string { return m.Currency + " " + m.Amount() }

type moneyJSON struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// MarshalJSON writes {"amount":"626.40","currency":"USD"}.
func (m Money) MarshalJSON() ([]byte, error) {
	return json.Marshal(moneyJSON{m.Amount(), m.Currency})
}

// UnmarshalJSON reads {"amount":"626.40","currency":"USD"}.
func (m *Money) UnmarshalJSON(b []byte) error {
	var v moneyJSON
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	got, err := ParseMoney("", v.Amount, v.Currency)
	*m = got
	return err
}

func join(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}
