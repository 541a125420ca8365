"""pyTelegramBotAPI: its asynchronous bot with a state for each screen, in its memory storage."""

import asyncio
from collections.abc import Awaitable, Callable

from telebot import asyncio_filters, asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.asyncio_handler_backends import State, StatesGroup
from telebot.asyncio_storage import StateMemoryStorage
from telebot.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.bench.bots.place import place

__all__: list[str] = []

HERE = place()
SCRIPT = HERE.script
STATES = [State() for _ in SCRIPT.screens]
Conversation = type(
    "Conversation",
    (StatesGroup,),
    {f"screen_{number}": state for number, state in enumerate(STATES)},
)
asyncio_helper.API_URL = HERE.api + "/bot{0}/{1}"
bot = AsyncTeleBot(HERE.token, state_storage=StateMemoryStorage())


def _keyboard(number: int) -> InlineKeyboardMarkup:
    keyboard = InlineKeyboardMarkup()
    button = 0
    for labels in SCRIPT.screens[number].rows:
        row = []
        for label in labels:
            row.append(InlineKeyboardButton(label, callback_data=str(button)))
            button += 1
        keyboard.row(*row)
    return keyboard


@bot.message_handler(commands=["start"])
async def _start(message: Message) -> None:
    await bot.set_state(message.from_user.id, STATES[0], message.chat.id)
    await bot.send_message(message.chat.id, SCRIPT.screens[0].text, reply_markup=_keyboard(0))


def _press(number: int) -> Callable[[CallbackQuery], Awaitable[None]]:
    async def press(query: CallbackQuery) -> None:
        chat = query.message.chat.id
        after = SCRIPT.after(number, int(query.data))
        await bot.answer_callback_query(query.id)
        async with bot.retrieve_data(query.from_user.id, chat) as data:
            data[number] = int(query.data)
        await bot.set_state(query.from_user.id, STATES[after], chat)
        await bot.edit_message_text(
            SCRIPT.screens[after].text,
            chat,
            query.message.message_id,
            reply_markup=_keyboard(after),
        )

    return press


def _main() -> None:
    for number, state in enumerate(STATES):
        bot.register_callback_query_handler(_press(number), func=None, state=state)
    bot.add_custom_filter(asyncio_filters.StateFilter(bot))
    asyncio.run(bot.infinity_polling())


if __name__ == "__main__":
    _main()
