"""python-telegram-bot as shipped: a ConversationHandler whose state a pickle file keeps."""

import warnings
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)
from telegram.warnings import PTBUserWarning

from tests.bench.bots.place import place

__all__: list[str] = []

Context = ContextTypes.DEFAULT_TYPE
HERE = place()
SCRIPT = HERE.script


def _keyboard(number: int) -> InlineKeyboardMarkup:
    rows = []
    button = 0
    for labels in SCRIPT.screens[number].rows:
        row = []
        for label in labels:
            row.append(InlineKeyboardButton(label, callback_data=str(button)))
            button += 1
        rows.append(row)
    return InlineKeyboardMarkup(rows)


async def _start(update: Update, context: Context) -> int:
    assert update.message is not None
    assert context.user_data is not None
    context.user_data.clear()
    await update.message.reply_text(SCRIPT.screens[0].text, reply_markup=_keyboard(0))
    return 0


def _press(number: int) -> Callable[[Update, Context], Coroutine[Any, Any, int]]:
    async def press(update: Update, context: Context) -> int:
        query = update.callback_query
        assert query is not None
        assert query.data is not None
        assert context.user_data is not None
        await query.answer()
        button = int(query.data)
        after = SCRIPT.after(number, button)
        context.user_data[number] = button
        await query.edit_message_text(SCRIPT.screens[after].text, reply_markup=_keyboard(after))
        return after

    return press


def _main() -> None:
    # Its own note about per_message concerns other conversations than this one.
    warnings.simplefilter("ignore", PTBUserWarning)
    states: dict[object, list[Any]] = {
        number: [CallbackQueryHandler(_press(number))] for number in range(len(SCRIPT.screens))
    }
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", _start)],
        states=states,
        fallbacks=[CommandHandler("start", _start)],
        name="conversation",
        persistent=True,
    )
    application = (
        Application.builder()
        .token(HERE.token)
        .base_url(f"{HERE.api}/bot")
        .persistence(PicklePersistence("conversations.pickle"))
        .build()
    )
    application.add_handler(conversation)
    if HERE.webhook_url:
        application.run_webhook(
            listen=HERE.host,
            port=HERE.port,
            url_path="hook",
            webhook_url=HERE.webhook_url,
            secret_token=HERE.secret,
        )
    else:
        application.run_polling()


if __name__ == "__main__":
    _main()
