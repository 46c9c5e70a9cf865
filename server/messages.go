package server

import (
	"context"

	"recourse/claims"
	"recourse/database"
	"recourse/messages"
	"recourse/models"
	"recourse/recovery"

	"gorm.io/gorm"
)

func messageRoutes() []Route {
	admin := []models.Role{models.Admin}
	const at = "/api/v1/messages"
	return []Route{
		{Method: "GET", Path: at, Roles: admin, Handle: with(listMessages), List: &messages.OutboxList, Tag: "messages", Summary: "Messages sent, waiting and failed"},
		{Method: "POST", Path: at + "/{id}/resend", Roles: admin, Handle: with(resendMessage), Idempotent: true, Tag: "messages", Summary: "Try a message again now, for three more days"},
		{Method: "GET", Path: "/api/v1/endpoints", Roles: admin, Handle: with(listEndpoints), List: &messages.EndpointList, Tag: "messages", Summary: "Webhooks and group robots"},
		{Method: "POST", Path: "/api/v1/endpoints", Roles: admin, Handle: with(createEndpoint), Status: 201, Tag: "messages", Summary: "Add a webhook or group robot; the reply alone shows the secret"},
		{Method: "POST", Path: "/api/v1/endpoints/{id}/disable", Roles: admin, Handle: moves(messages.DisableEndpoint), IfMatch: true, Tag: "messages", Summary: "No more messages to an endpoint"},
		{Method: "GET", Path: "/api/v1/me/subscriptions", Handle: with(mySubscriptions), Tag: "messages", Summary: "The events I get by e-mail"},
		{Method: "PUT", Path: "/api/v1/me/subscriptions", Handle: with(subscribe), Tag: "messages", Summary: "Choose the events I get by e-mail"},
	}
}

func listMessages(_ *Server, r *Request, _ none) (database.Page[models.OutboxMessage], error) {
	return messages.List(r.Ctx, r.Tx, r.Query)
}

func resendMessage(_ *Server, r *Request, _ none) (*models.OutboxMessage, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return messages.Resend(r.Ctx, r.Tx, r.By, id)
}

func listEndpoints(_ *Server, r *Request, _ none) (database.Page[models.Endpoint], error) {
	return messages.ListEndpoints(r.Ctx, r.Tx, r.Query)
}

func createEndpoint(s *Server, r *Request, in messages.EndpointInput) (*messages.MadeEndpoint, error) {
	return s.Outbox.CreateEndpoint(r.Ctx, r.Tx, r.By, in)
}

func mySubscriptions(_ *Server, r *Request, _ none) (*messages.SubscriptionInput, error) {
	return messages.Subscribed(r.Ctx, r.Tx, r.By)
}

func subscribe(_ *Server, r *Request, in messages.SubscriptionInput) (*messages.SubscriptionInput, error) {
	return messages.Subscribe(r.Ctx, r.Tx, r.By, in)
}

// deliver sends the messages that are due, while this server holds the lease.
func (s *Server) deliver(ctx context.Context, holder string) error {
	if s.Outbox == nil {
		return nil
	}
	held, err := s.DB.Lease(ctx, "deliver", holder, s.now(), 2*jobLease)
	if err != nil || !held {
		return err
	}
	_, err = s.Outbox.Deliver(ctx, s.DB, s.now, 20)
	return err
}

// warn announces deadlines that are near or missed, and corrective actions due.
func (s *Server) warn(ctx context.Context, holder string) error {
	held, err := s.DB.Lease(ctx, "warn", holder, s.now(), 2*jobLease)
	if err != nil || !held {
		return err
	}
	by := models.System("job", s.now().In(s.Config.Location))
	var last models.ID
	for {
		err := s.DB.Tx(ctx, func(tx *gorm.DB) error {
			next, err := claims.WarnDeadlines(ctx, tx, by, last)
			last = next
			return err
		})
		if err != nil {
			return err
		}
		if last.IsZero() {
			return s.DB.Tx(ctx, func(tx *gorm.DB) error { return recovery.WarnActions(ctx, tx, by) })
		}
	}
}
