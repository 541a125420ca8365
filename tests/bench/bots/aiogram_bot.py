"""aiogram 3: a state for each screen, kept in its memory storage."""

import asyncio
from collections.abc import Awaitable, Callable

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup, StatesGroupMeta
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.keyboard import InlineKeyboardBuilder
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.bench.bots.place import place

__all__: list[str] = []

HERE = place()
SCRIPT = HERE.script
STATES = [State() for _ in SCRIPT.screens]
Conversation = StatesGroupMeta(
    "Conversation",
    (StatesGroup,),
    {f"screen_{number}": state for number, state in enumerate(STATES)},
)
router = Router()


class Press(CallbackData, prefix="press"):
    """A press of a button."""

    button: int


def _keyboard(number: int) -> InlineKeyboardMarkup:
    builder = InlineKeyboardBuilder()
    rows = SCRIPT.screens[number].rows
    for button, label in enumerate(SCRIPT.screens[number].labels()):
        builder.button(text=label, callback_data=Press(button=button))
    builder.adjust(*map(len, rows))
    return builder.as_markup()


@router.message(CommandStart())
async def _start(message: Message, state: FSMContext) -> None:
    await state.clear()
    await state.set_state(STATES[0])
    await message.answer(SCRIPT.screens[0].text, reply_markup=_keyboard(0))


def _press(number: int) -> Callable[[CallbackQuery, Press, FSMContext], Awaitable[None]]:
    async def press(query: CallbackQuery, callback_data: Press, state: FSMContext) -> None:
        after = SCRIPT.after(number, callback_data.button)
        await state.update_data({str(number): callback_data.button})
        await state.set_state(STATES[after])
        if isinstance(query.message, Message):
            text = SCRIPT.screens[after].text
            await query.message.edit_text(text, reply_markup=_keyboard(after))
        await query.answer()

    return press


async def _set(bot: Bot) -> None:
    await bot.set_webhook(HERE.webhook_url, secret_token=HERE.secret)


def _main() -> None:
    for number, state in enumerate(STATES):
        router.callback_query(state, Press.filter())(_press(number))
    session = AiohttpSession(api=TelegramAPIServer.from_base(HERE.api))
    bot = Bot(HERE.token, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    if HERE.webhook_url:
        dispatcher.startup.register(_set)
        app = web.Application()
        SimpleRequestHandler(dispatcher, bot, secret_token=HERE.secret).register(app, "/hook")
        setup_application(app, dispatcher, bot=bot)
        web.run_app(app, host=HERE.host, port=HERE.port)
    else:
        asyncio.run(dispatcher.start_polling(bot))


if __name__ == "__main__":
    _main()
