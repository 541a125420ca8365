"""aiogram-dialog: a window for each screen, on aiogram's memory storage."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup, StatesGroupMeta
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button, Row
from aiogram_dialog.widgets.text import Const

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


def _press(
    number: int, button: int
) -> Callable[[CallbackQuery, Any, DialogManager], Awaitable[None]]:
    async def press(_query: CallbackQuery, _button: Any, manager: DialogManager) -> None:
        manager.dialog_data[str(number)] = button
        await manager.switch_to(STATES[SCRIPT.after(number, button)])

    return press


def _window(number: int) -> Window:
    numbers = count()
    rows = [
        Row(
            *(
                Button(Const(label), id=f"b{button}", on_click=_press(number, button))
                for label, button in zip(labels, numbers, strict=False)
            )
        )
        for labels in SCRIPT.screens[number].rows
    ]
    return Window(Const(SCRIPT.screens[number].text), *rows, state=STATES[number])


@router.message(CommandStart())
async def _start(_message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(STATES[0], mode=StartMode.RESET_STACK)


def _main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(HERE.api))
    bot = Bot(HERE.token, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    dispatcher.include_router(Dialog(*(_window(number) for number in range(len(STATES)))))
    setup_dialogs(dispatcher)
    asyncio.run(dispatcher.start_polling(bot))


if __name__ == "__main__":
    _main()
