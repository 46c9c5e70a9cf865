package server

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// The endpoints below put a verb of the domain into the table as it is: who
// acts, the id in the path, the version from If-Match and the body are all it takes.

// lists is a verb that reads a page.
func lists[T any](verb func(context.Context, *gorm.DB, models.Actor, database.Query) (database.Page[T], error)) endpoint {
	return with(func(_ *Server, r *Request, _ none) (database.Page[T], error) {
		return verb(r.Ctx, r.Tx, r.By, r.Query)
	})
}

// gets is a verb that loads the record of the id.
func gets[Out any](verb func(context.Context, *gorm.DB, models.Actor, models.ID) (Out, error)) endpoint {
	return with(func(_ *Server, r *Request, _ none) (Out, error) {
		id, err := r.ID("id")
		if err != nil {
			var nothing Out
			return nothing, err
		}
		return verb(r.Ctx, r.Tx, r.By, id)
	})
}

// creates is a verb that makes a record of the body.
func creates[In, Out any](verb func(context.Context, *gorm.DB, models.Actor, In) (Out, error)) endpoint {
	return with(func(_ *Server, r *Request, in In) (Out, error) {
		return verb(r.Ctx, r.Tx, r.By, in)
	})
}

// changes is a verb that changes the record of the id, at the version, by the body.
func changes[In, Out any](verb func(context.Context, *gorm.DB, models.Actor, models.ID, int, In) (Out, error)) endpoint {
	return with(func(_ *Server, r *Request, in In) (Out, error) {
		id, err := r.ID("id")
		if err != nil {
			var nothing Out
			return nothing, err
		}
		return verb(r.Ctx, r.Tx, r.By, id, r.Version, in)
	})
}

// moves is a verb that moves the record of the id, at the version, into another state.
func moves[Out any](verb func(context.Context, *gorm.DB, models.Actor, models.ID, int) (Out, error)) endpoint {
	return changes(func(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, _ none) (Out, error) {
		return verb(ctx, tx, by, id, version)
	})
}
