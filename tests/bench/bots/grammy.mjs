// grammY: a session for each chat, kept in its memory storage.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.BENCH_NODE}/`);
const { Bot, InlineKeyboard, session, webhookCallback } = require("grammy");

const { screens } = JSON.parse(readFileSync(process.env.BENCH_SCRIPT, "utf8"));
const bot = new Bot(process.env.BOT_TOKEN, {
  client: { apiRoot: process.env.BOT_API_URL },
});

function keyboard(number) {
  const made = new InlineKeyboard();
  let button = 0;
  for (const row of screens[number].rows) {
    for (const label of row) made.text(label, `press:${button++}`);
    made.row();
  }
  return made;
}

bot.use(session({ initial: () => ({ screen: 0, answers: {} }) }));

bot.command("start", async (ctx) => {
  ctx.session = { screen: 0, answers: {} };
  await ctx.reply(screens[0].text, { reply_markup: keyboard(0) });
});

bot.callbackQuery(/^press:(\d+)$/, async (ctx) => {
  const button = Number(ctx.match[1]);
  const { screen } = ctx.session;
  const after = screens[screen].goes[button] ?? screen;
  ctx.session.answers[screen] = button;
  ctx.session.screen = after;
  await ctx.answerCallbackQuery();
  await ctx.editMessageText(screens[after].text, { reply_markup: keyboard(after) });
});

bot.catch((error) => console.error(error.message));

if (process.env.WEBHOOK_URL) {
  const [host, port] = process.env.WEBHOOK_LISTEN.split(":");
  const secretToken = process.env.WEBHOOK_SECRET;
  const handle = webhookCallback(bot, "http", { secretToken });
  // A bare server would end with the first failed call; frameworks answer 500, so this does.
  createServer((request, response) =>
    handle(request, response).catch((error) => {
      console.error(error.message);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }),
  ).listen(Number(port), host, () =>
    bot.api.setWebhook(process.env.WEBHOOK_URL, { secret_token: secretToken }),
  );
} else {
  bot.start();
}
