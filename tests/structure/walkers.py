"""Who walks through the platform where all its forms are tried: somebody of each role, strangers
with the links that mails bring, and people who are on their way in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

from tests.crawling import crawl, forms_of
from tests.factories import World
from tests.factories.aftermath import FOR_OTHERS
from tests.pages import Form, Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role

Starts = Callable[[World], Iterable[str]]


@dataclass(frozen=True)
class Walker:
    """Somebody, and where they begin. Who `stays` there follows no link: what else they would find
    somebody of their role finds. Who is `halfway` has given the password and not what is asked
    after it: whoever looks elsewhere then has to begin anew."""

    name: str
    who: Callable[[World], Account | None]
    starts: Starts
    stays: bool = True
    halfway: bool = False

    def come(self, pages: Pages, world: World) -> Pages:
        """Let the visitor be this person, with a token of their own."""
        if (account := self.who(world)) is None:
            return pages
        if not self.halfway:
            # What ends sessions is offered to whoever is signed in elsewhere as well.
            Pages(pages.app).come_in(account)
            return pages.come_in(account)
        pages.sign_in(account)
        pages.get(next(iter(self.starts(world))))
        return pages

    def forms(self, pages: Pages, world: World) -> list[Form]:
        """Return the forms that they find."""
        starts = self.starts(world)
        return forms_of([pages.get(url) for url in starts] if self.stays else crawl(pages, *starts))


def _of_role(role: Role) -> Walker:
    """Return the first of a role, who follows all links."""

    def starts(world: World) -> list[str]:
        ways = world.ways
        more = {
            Role.REQUESTER: [ways.new_address],
            # A walk looks at some of the things that missions need, and not at each.
            Role.COORDINATOR: [f"/deployments/{world.deployment_id}/checklist/insurance"],
            # Only these have a second factor to take off, and a way in to open again.
            Role.ADMINISTRATOR: [f"/accounts/{who.id}" for who in (ways.guarded, ways.disabled)],
        }
        return ["/", *world.behind.get(role, []), *more.get(role, [])]

    return Walker(role, lambda world: world.first(role), starts, stays=False)


WALKERS = (
    *map(_of_role, Role),
    Walker("stranger", lambda _world: None, lambda world: ("/", *world.ways.by_mail), stays=False),
    Walker(
        "guarded",
        lambda world: world.ways.guarded,
        lambda _world: ("/account/security", "/verify", "/wan-verify"),
    ),
    Walker(
        FOR_OTHERS,
        lambda world: world.first(Role.COORDINATOR),
        lambda world: world.behind[FOR_OTHERS],
    ),
    Walker("newcomer", lambda world: world.ways.newcomer, lambda _world: ("/account/consent",)),
    Walker("invited", lambda world: world.ways.invited, lambda _world: ("/profile/consent",)),
    Walker("refused", lambda world: world.ways.refused, lambda _world: ("/profile/ask-again",)),
    Walker(
        "asked how",
        lambda world: world.ways.guarded,
        lambda _world: ("/tf-select",),
        halfway=True,
    ),
    Walker(
        "asked for a code",
        lambda world: world.ways.coded,
        lambda _world: ("/tf-validate", "/mf-recovery"),
        halfway=True,
    ),
)
# A mark for tests of each of them.
each_walker = pytest.mark.parametrize("walker", WALKERS, ids=lambda walker: walker.name)
