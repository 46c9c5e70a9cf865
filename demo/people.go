package demo

import (
	"time"

	"recourse/auth"
	"recourse/models"
)

// Person is somebody who can sign in to the example company.
type Person struct {
	Login string
	Name  string
	Roles []models.Role
	Lang  string
}

// People are all who can sign in.
func People() []Person {
	return []Person{
		{"admin", "系统管理员 Administrator", []models.Role{models.Admin}, "zh"},
		{"purchasing", "林秀英 Lin Xiuying", []models.Role{models.Purchasing}, "zh"},
		{"inspector", "王建国 Wang Jianguo", []models.Role{models.Inspector}, "zh"},
		{"inspector2", "马晓峰 Ma Xiaofeng", []models.Role{models.Inspector}, "zh"},
		{"inspector3", "郑海涛 Zheng Haitao", []models.Role{models.Inspector}, "zh"},
		{"sales", "何丽 Lily He", []models.Role{models.Sales}, "en"},
		{"sales2", "Daniel Xu 徐丹", []models.Role{models.Sales}, "en"},
		{"finance", "钱会敏 Qian Huimin", []models.Role{models.Finance}, "zh"},
		{"viewer", "Guest 访客", []models.Role{models.Viewer}, "en"},
	}
}

// employ makes the people, as the first acts of the company.
func (c *company) employ(hash string) error {
	by := models.System("command", c.day(-historyDays-30).Add(9*time.Hour))
	for _, p := range People() {
		u, err := auth.AddUser(c.ctx, c.tx, by, auth.AddUserInput{Login: p.Login, Name: p.Name, Roles: p.Roles, Lang: p.Lang}, hash)
		if err != nil {
			return err
		}
		c.people[p.Login] = *u
	}
	return nil
}

// as is one of the people, acting at a moment.
func (c *company) as(login string, at time.Time) models.Actor {
	u := c.people[login]
	return models.Actor{UserID: u.ID, Name: u.Name, Roles: u.Roles, Lang: u.Lang, Via: "session", At: at}
}
