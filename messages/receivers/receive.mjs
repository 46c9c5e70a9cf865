// Listens on free ports of 127.0.0.1 as a mail server and as an HTTP receiver,
// prints one JSON line with the ports, then one for everything that comes. Ends
// with its standard input.
import http from "node:http";
import crypto from "node:crypto";
import { SMTPServer } from "smtp-server";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const print = (event) => process.stdout.write(JSON.stringify(event) + "\n");
let failures = 0;

const robots = {
  "/wecom": () => true,
  "/dingtalk": (url) => {
    const at = url.searchParams.get("timestamp");
    const want = crypto.createHmac("sha256", process.env.ROBOT_SECRET).update(`${at}\n${process.env.ROBOT_SECRET}`).digest("base64");
    return url.searchParams.get("sign") === want;
  },
  "/feishu": (_, body) => {
    const want = crypto.createHmac("sha256", `${body.timestamp}\n${process.env.ROBOT_SECRET}`).digest("base64");
    return body.sign === want;
  },
};

const server = http.createServer((req, res) => {
  const parts = [];
  req.on("data", (part) => parts.push(part));
  req.on("end", () => {
    const url = new URL(req.url, "http://receiver");
    const body = Buffer.concat(parts).toString("utf8");
    if (url.pathname === "/failing" && failures++ < 2) {
      res.writeHead(500).end();
      return;
    }
    if (url.pathname === "/redirect") {
      res.writeHead(302, { location: "/webhook" }).end();
      return;
    }
    if (robots[url.pathname]) {
      const json = JSON.parse(body);
      const ok = robots[url.pathname](url, json);
      print({ channel: url.pathname.slice(1), ok, text: json.text?.content ?? json.content?.text });
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(ok ? { errcode: 0 } : { errcode: 310000, errmsg: "sign not match" }));
      return;
    }
    try {
      const event = webhook.verify(body, req.headers);
      print({ channel: "webhook", ok: true, id: req.headers["webhook-id"], event });
      res.writeHead(204).end();
    } catch (error) {
      print({ channel: "webhook", ok: false, error: error.message });
      res.writeHead(401).end();
    }
  });
});

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      print({ channel: "email", ok: true, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address), text: Buffer.concat(parts).toString("utf8") });
      done();
    });
  },
});

server.listen(0, "127.0.0.1", () => {
  smtp.listen(0, "127.0.0.1", () => print({ http: server.address().port, smtp: smtp.server.address().port }));
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
