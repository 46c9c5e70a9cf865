package server

import (
	"recourse/sampling"
)

func samplingRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/api/v1/sampling/plan", Handle: outside(samplingPlan), Tag: "sampling", Summary: "The single-sampling plan for a lot"},
		{Method: "GET", Path: "/api/v1/sampling/risk", Handle: outside(samplingRisk), Tag: "sampling", Summary: "What a sample says about a claimed share"},
		{Method: "GET", Path: "/api/v1/sampling/severity", Handle: outside(samplingSeverity), Tag: "sampling", Summary: "The severity of each lot of a series, with reasons; the series as JSON in the query"},
		{Method: "POST", Path: "/api/v1/sampling/severity", Handle: outside(samplingSeries), Tag: "sampling", Summary: "The severity of each lot of a series, with reasons"},
		{Method: "GET", Path: "/api/v1/sampling/lq", Handle: outside(samplingLQ), Tag: "sampling", Summary: "The smallest samples that refuse a limiting quality"},
	}
}

func samplingPlan(_ *Server, _ *Request, in sampling.PlanRequest) (sampling.Plan, error) {
	in.Scheme = or(in.Scheme, sampling.ISO2859)
	in.Level = or(in.Level, sampling.LevelII)
	in.Severity = or(in.Severity, sampling.Normal)
	return sampling.PlanFor(in)
}

func samplingRisk(_ *Server, _ *Request, in sampling.RiskRequest) (sampling.RiskResult, error) {
	return sampling.Risk(in)
}

// seriesInput is a series of lots as JSON in a query parameter.
type seriesInput struct {
	Series string `json:"series" validate:"required"`
}

func samplingSeverity(_ *Server, _ *Request, in seriesInput) ([]sampling.SeverityLot, error) {
	series, err := sampling.ParseSeries([]byte(in.Series))
	if err != nil {
		return nil, err
	}
	return sampling.Switch(series)
}

// samplingSeries reads the body a second time: sampling refuses a missing key, which would count as 0.
func samplingSeries(_ *Server, r *Request, _ sampling.Series) ([]sampling.SeverityLot, error) {
	series, err := sampling.ParseSeries(r.body)
	if err != nil {
		return nil, err
	}
	return sampling.Switch(series)
}

func samplingLQ(_ *Server, _ *Request, in sampling.LQRequest) ([]sampling.LQPlan, error) {
	in.Risk = or(in.Risk, 0.10)
	return sampling.LQPlans(in)
}

// or is the value, or what stands for a missing one.
func or[T comparable](value, missing T) T {
	var zero T
	if value == zero {
		return missing
	}
	return value
}
