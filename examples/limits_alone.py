"""gp's limits in a program that is no worker: a login that slows guessing down, for all its processes together.

python -m examples.limits_alone redis://localhost 203.0.113.7
"""

import asyncio
import sys

from gpadapters.redis import open_stores
from gpcore import Cooldown, Gcra, Limiter, SlidingWindow
from gpcore.errors import PortError


class Logins:
    """Five tries a minute from one address, and ten an hour for one account with a second between them."""

    def __init__(self, by_address: Limiter, by_account: Limiter) -> None:
        self._by_address = by_address
        self._by_account = by_account

    async def may_try(self, address: str, account: str, *, request_id: str) -> str:
        """Return what to tell who knocks; the request's id makes a repeated request count once."""
        for limiter, bucket in ((self._by_address, address), (self._by_account, account)):
            try:
                decision = await limiter.acquire(bucket, nonce=request_id)
            except PortError:
                # The state is down. A login should rather be refused; something harmless would be let through.
                return "try again later"
            if not decision.allowed:
                return f"wait {decision.retry_after_us / 1_000_000:.1f} s"
        return "go on"

    async def succeeded(self, account: str, *, request_id: str) -> None:
        """A right password is no guess: give the use back."""
        await self._by_account.refund(account, nonce=request_id)


async def main(url: str, address: str) -> None:
    """Knock eight times, and pace something that goes out."""
    async with open_stores(url) as stores:
        logins = Logins(
            Limiter(stores.admissions, "login by address", SlidingWindow(5, per=60)),
            Limiter(stores.admissions, "login by account", SlidingWindow(10, per=3600), Cooldown(1)),
        )
        for number in range(8):
            print(number, await logins.may_try(address, f"account {number}", request_id=f"{address} {number}"))

        mails = Limiter(stores.admissions, "mail", Gcra(60, per=60, burst=3))
        for number in range(5):
            decision = await mails.acquire("")
            print("mail", number, "now" if decision.allowed else f"in {decision.retry_after}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
