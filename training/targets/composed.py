"""Compose English documents whose mentions and their sentiments are known, for what restaurant reviews do not teach:
other subjects, pronouns, praise and blame of one thing, plain facts.

A document is one to three sentences; a sentence is one or two clauses about targets of one domain. The words were
written for this and read by nobody else; documents that resemble a held-out one are thrown away by `train.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

POSITIVE, NEGATIVE, NEUTRAL, MIXED = range(4)

NOUNS: dict[str, str] = {
    "device": "display|speaker|microphone|charger|touchpad|hinge|casing|camera|fan|processor|stylus|tablet|laptop|phone|"
    "printer|router|monitor|webcam|remote|adapter|viewfinder|tripod|drone|console|projector|battery life|build quality|"
    "picture quality|resolution|boot time|hard drive|keyboard|volume|stand|lid|sensor|screen|battery|price",
    "software": "app|website|installer|dashboard|toolbar|sync feature|login screen|search function|update|release|plugin|"
    "driver|interface|spell checker|onboarding|help page|documentation|changelog|API|library|parser|compiler|database|"
    "autosave|layout|notification system|export|import wizard|performance|startup time|licence|subscription|tech support|"
    "Windows|Linux|Excel|Gmail|Zoom|Spotify|Blender|Kubernetes|Notion",
    "home": "sofa|mattress|lamp|kettle|toaster|dishwasher|curtain|drawer|table|vacuum|heater|mop|mirror|rug|frying pan|"
    "knife|blanket|backpack|jacket|boots|dress|zipper|stitching|sole|lining|suitcase|bottle|drill|ladder|hose|paint|glue|"
    "delivery|packaging|instructions|warranty|refund process|customer service|size|colour|material|value",
    "hotel": "room|suite|bed|shower|lobby|corridor|elevator|reception|pool|gym|sauna|view|breakfast|minibar|parking|garage|"
    "shuttle|beach|terrace|towels|linen|carpet|air conditioner|television|internet connection|soundproofing|location|"
    "check-in process|bathroom|balcony|restaurant|bar|neighbourhood|rate|amenities|decor",
    "food": "noodles|soup|salad|steak|chicken|fish tacos|dessert|cheesecake|wine|beer|cocktail|espresso|bread|sauce|curry|"
    "sandwich|omelette|fries|sushi|pizza|gnocchi|menu|portion size|atmosphere|service|lighting|music|seating|presentation",
    "people": "waitress|bartender|driver|guide|nurse|teacher|manager|cashier|technician|salesperson|host|cleaner|librarian|"
    "captain|coach|agent|mechanic|hairdresser|landlord|neighbour|tutor|dentist|Maria|Kevin|Dr. Patel|Ms. Long|Hiroshi|"
    "the security guard|Laura|Mr. Osei",
    "culture": "film|script|soundtrack|ending|dialogue|cast|lead actor|director|photography|novel|first chapter|translation|"
    "narrator|album|chorus|concert|singer|drummer|museum|gift shop|play|costumes|series|pilot episode|season finale|"
    "video game|graphics|tutorial level|multiplayer mode|storyline|pacing|podcast|documentary",
    "public": "government|mayor|police|airline|railway|bank|insurer|university|team|goalkeeper|defence|referee|new law|"
    "budget|housing plan|motorway|airport|hospital|merger|strike|election campaign|quarterly results|Microsoft|Airbus|"
    "Nokia|Brazil|Canada|Copenhagen|the United Nations|Real Madrid|the Lakers|the prime minister|the opposition",
}
PLURAL = frozenset(
    "towels fries noodles boots instructions graphics costumes amenities fish tacos quarterly results gnocchi".split()
) | {"fish tacos", "quarterly results"}
BARE = frozenset("Windows Linux Excel Gmail Zoom Spotify Blender Kubernetes Notion Maria Kevin Hiroshi Laura".split()) | {
    "Dr. Patel", "Ms. Long", "Mr. Osei", "Microsoft", "Airbus", "Nokia", "Brazil", "Canada", "Copenhagen", "Real Madrid",
    "customer service", "tech support", "breakfast", "parking",
}  # fmt: skip

ANY_GOOD = (
    "great|excellent|wonderful|fantastic|terrific|amazing|impressive|first-rate|a delight|outstanding|very good|really nice|"
    "better than expected|brilliant|the best part|beyond praise|second to none|a highlight|superb|perfect|lovely"
)
ANY_BAD = (
    "terrible|awful|a disappointment|dreadful|really bad|mediocre at best|a disgrace|horrible|not good enough|poor|the worst "
    "part|not worth it|a joke|far from good|below average|annoying|unacceptable|pathetic|a let-down|disappointing"
)
GOOD = {
    "device": "sharp and bright|sturdy|fast|silent|well made|precise|responsive|reliable|a pleasure to use|as good as new",
    "software": "fast|intuitive|stable|easy to learn|well designed|a huge time saver|reliable|snappy|painless|well thought out",
    "home": "sturdy|soft|beautifully made|good value|durable|a perfect fit|easy to clean|comfortable|exactly right|practical",
    "hotel": "spotless|spacious|comfortable|quiet|charming|clean|stylish|convenient|generous|relaxing",
    "food": "delicious|fresh|tasty|full of flavour|cooked to perfection|divine|generous|crisp|to die for|mouth-watering",
    "people": "friendly|kind|helpful|patient|professional|attentive|polite|charming|knowledgeable|a star",
    "culture": "moving|gripping|funny|beautiful|clever|a masterpiece|unforgettable|captivating|well written|inspired",
    "public": "strong|well run|efficient|a success|impressive|ahead of its rivals|honest|popular|a model for others|"
    "in top form",
}
BAD = {
    "device": "dim|flimsy|slow|noisy|defective|laggy|unreliable|badly made|dead after a month|prone to overheating",
    "software": "slow|buggy|confusing|unstable|a mess|bloated|full of bugs|unusable|badly designed|clunky",
    "home": "flimsy|scratchy|badly made|overpriced|broken|too small|cheap looking|useless|impossible to clean|torn",
    "hotel": "dirty|tiny|noisy|dated|cramped|smelly|run down|overpriced|mouldy|inconvenient",
    "food": "bland|cold|stale|greasy|overcooked|undercooked|tasteless|soggy|burnt|inedible",
    "people": "rude|unhelpful|impatient|lazy|arrogant|incompetent|dismissive|slow|careless|hostile",
    "culture": "boring|predictable|dull|pretentious|forgettable|a mess|clumsy|far too long|wooden|lifeless",
    "public": "weak|badly run|inefficient|a failure|in crisis|corrupt|behind its rivals|dishonest|a fiasco|unpopular",
}
GOOD_ADJECTIVES = "excellent|superb|lovely|great|wonderful|reliable|beautiful|fantastic|delightful|brilliant"
BAD_ADJECTIVES = "awful|terrible|lousy|horrible|useless|dreadful|disappointing|miserable|faulty|ghastly"
GOOD_VERBS = (
    "loved|adored|really enjoyed|was impressed by|fell in love with|can recommend|cannot praise enough|was happy with|"
    "praised|welcomed|applauded|recommends"
)
BAD_VERBS = (
    "hated|regret choosing|was disappointed by|could not stand|would avoid|was fed up with|was let down by|"
    "criticised|condemned|complained about|warned against"
)
GOOD_PREDICATES = (
    "exceeded all expectations|saved the day|works like a charm|made my week|deserves an award|never lets us down"
)
BAD_PREDICATES = (
    "let us down|ruined everything|left a lot to be desired|was a waste of money|drove us mad|never worked properly"
)
FACTS = (
    "The {0} is next to the {1}.|I ordered the {0} with the {1}.|The {0} opens at nine.|We asked about the {0} and the {1}.|"
    "He showed me the {0} and the {1}.|They will replace the {0} on Friday.|This {0} was made in Portugal in 2018.|"
    "She moved the {0} from the {1} to the kitchen.|The {0} belongs to the {1}.|I saw the {0} on Tuesday.|You can find the {0} "
    "behind the {1}.|My brother told me about the {0}.|The {0} was announced in March.|"
    "A spokesman described the {0} on Monday.|"
    "There are two kinds of {0}.|We used the {0} before the {1}.|The {0} comes with a {1}.|It is a {0}."
)  # fmt: skip
OPENERS = "||||Honestly, |In the end, |Overall, |To be fair, |At first, |As always, "
PERSONS = (
    "I",
    "We",
    "My wife",
    "My friends",
    "They",
    "You",
    "Everyone",
    "My son",
    "Voters",
    "Analysts",
    "Shoppers",
    "Reviewers",
    "Parents",
    "Passengers",
)


@dataclass
class Document:
    """A text and its mentions: begin, end, class."""

    text: str = ""
    mentions: list[tuple[int, int, int]] = field(default_factory=list)

    def say(self, text: str) -> Document:
        self.text += text
        return self

    def mention(self, text: str, sentiment: int) -> Document:
        self.mentions.append((len(self.text), len(self.text) + len(text), sentiment))
        self.text += text
        return self


class Composer:
    """Draws documents. The same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def documents(self, count: int) -> Iterator[Document]:
        for _ in range(count):
            document = Document()
            for number in range(self._chance.choice((1, 1, 1, 2, 2, 3))):
                if number:
                    document.say(" ")
                self._sentence(document)
            yield document

    def _pick(self, words: str) -> str:
        return self._chance.choice(words.split("|"))

    def _sentence(self, document: Document) -> None:
        self._domain = self._chance.choice(list(NOUNS))
        self._people = self._domain == "people"
        self._chance.choice(
            (self._contrast, self._contrast, self._contrast, self._single, self._liked, self._modified, self._fact, self._fact,
             self._again, self._again, self._mixed, self._compared, self._relative, self._listed, self._despite)
        )(document)  # fmt: skip

    def _target(self) -> str:
        if self._chance.random() < 0.12:
            return self._pick(NOUNS["people"])
        return self._pick(NOUNS[self._domain])

    def _noun(self, document: Document, noun: str, sentiment: int, start: bool = False, adjective: str = "") -> None:
        """An article that fits, and the mention."""
        if noun.startswith("the "):
            noun = noun.removeprefix("the ")
        bare = noun in BARE
        article = self._chance.choice(("the", "the", "the", "the", "its", "their", "this", "our")) if not bare else ""
        if article == "this" and self._many(noun):
            article = "the"
        if article in ("its", "their", "our"):
            owner = article.capitalize() if start else article
            if article == "our":
                document.mention(owner, NEUTRAL)
            else:
                document.say(owner)
            document.say(" ")
        elif article:
            document.say((article.capitalize() if start else article) + " ")
        elif start and not adjective:
            noun = noun[0].upper() + noun[1:]
        if adjective:
            document.say((adjective.capitalize() if start and not article else adjective) + " ")
        document.mention(noun, sentiment)

    def _many(self, noun: str) -> bool:
        return noun in PLURAL

    def _be(self, noun: str) -> str:
        return ("are", "were")[self._past] if self._many(noun) else ("is", "was")[self._past]

    @property
    def _past(self) -> int:
        return self._chance.randrange(2)

    def _opinion(self, noun: str, sentiment: int) -> str:
        people = noun in NOUNS["people"].split("|")
        domain = "people" if people else self._domain
        own = self._chance.random() < 0.6
        good, bad = (GOOD[domain], BAD[domain]) if own else (ANY_GOOD, ANY_BAD)
        degree = self._pick("|||so|very|really|absolutely|quite|rather")
        phrase = self._pick(good if sentiment == POSITIVE else bad)
        if self._chance.random() < 0.12 and not phrase.startswith(("a ", "the ", "not ", "far ", "to ")):
            negated = self._pick(bad if sentiment == POSITIVE else good)
            if not negated.startswith(
                ("a ", "the ", "not ", "far ", "to ", "better", "beyond", "second", "exactly", "in ")
            ):
                return self._pick("not|not at all|never|anything but|hardly") + " " + negated
        if degree and phrase.split()[0] in (
            "soft",
            "fast",
            "friendly",
            "rude",
            "slow",
            "kind",
            "dirty",
            "noisy",
            "boring",
        ):
            return f"{degree} {phrase}"
        return phrase

    def _clause(self, document: Document, noun: str, sentiment: int, start: bool) -> None:
        self._noun(document, noun, sentiment, start)
        kind = self._chance.random()
        if kind < 0.75:
            document.say(f" {self._be(noun)} {self._opinion(noun, sentiment)}")
        else:
            document.say(" " + self._pick(GOOD_PREDICATES if sentiment == POSITIVE else BAD_PREDICATES))

    def _polarities(self) -> tuple[int, int]:
        first = self._chance.choice((POSITIVE, NEGATIVE))
        return first, 1 - first if self._chance.random() < 0.85 else first

    def _contrast(self, document: Document) -> None:
        first, second = self._polarities()
        joint = self._pick(
            ", but |, although |; |, while |, whereas |, yet |, though |, however, | but |. However, |. |, and |, |"
            "; on the other hand, |, even though |. Unfortunately, "
        )
        if first == second:
            joint = self._pick(" and |, and |. Also, |; |. ")
        start = True
        if self._chance.random() < 0.2:
            document.say(self._pick("While |Although |Even though |Though "))
            joint, start = ", ", False
        else:
            opener = self._pick(OPENERS)
            if opener:
                document.say(opener)
                start = False
        self._clause(document, self._target(), first, start)
        document.say(joint)
        self._clause(document, self._target(), second, joint.strip() == ".")
        document.say(self._pick(".|.|.|!"))

    def _single(self, document: Document) -> None:
        self._clause(document, self._target(), self._chance.choice((POSITIVE, NEGATIVE)), True)
        document.say(".")

    def _person(self, document: Document) -> str:
        person = self._chance.choice(PERSONS)
        if person.startswith("My "):
            document.mention("My", NEUTRAL).say(" ").mention(person[3:], NEUTRAL)
        else:
            document.mention(person, NEUTRAL)
        return person

    def _liked(self, document: Document) -> None:
        first, second = self._polarities()
        self._person(document)
        document.say(" " + self._verb(first) + " ")
        self._noun(document, self._target(), first)
        document.say(self._pick(" but |, but |, although |; ") if first != second else " and ")
        if self._chance.random() < 0.5:
            document.say(self._verb(second) + " ")
            self._noun(document, self._target(), second)
        else:
            self._clause(document, self._target(), second, False)
        document.say(".")

    def _verb(self, sentiment: int) -> str:
        return self._pick(GOOD_VERBS if sentiment == POSITIVE else BAD_VERBS)

    def _modified(self, document: Document) -> None:
        first, second = self._polarities()
        for sentiment, joint in ((first, self._pick(", |, but | and | with ")), (second, ".")):
            start = sentiment == first and joint != "."
            noun = self._target().removeprefix("the ")
            adjective = self._pick(GOOD_ADJECTIVES if sentiment == POSITIVE else BAD_ADJECTIVES)
            document.say((adjective.capitalize() if start else adjective) + " ").mention(noun, sentiment)
            document.say(joint)

    def _fact(self, document: Document) -> None:
        form = self._pick(FACTS)
        parts = form.replace("{1}", "{0}").split("{0}")
        for number, part in enumerate(parts):
            word, _, rest = part.partition(" ")
            if number == 0 and word in ("I", "We", "He", "They", "She", "You", "My"):
                document.mention(word, NEUTRAL).say(" " + rest)
            else:
                document.say(part)
            if number < len(parts) - 1:
                document.mention(self._target().removeprefix("the "), NEUTRAL)

    def _again(self, document: Document) -> None:
        """A pronoun goes on about the same thing, with the same mood or the other."""
        first, second = self._polarities()
        noun = self._target()
        self._clause(document, noun, first, True)
        if noun in NOUNS["people"].split("|"):
            pronoun = self._chance.choice(("he", "she"))
        else:
            pronoun = "they" if self._many(noun) else "it"
        joint = self._pick(". |, but |. However, |, and | but |. But ")
        if first == second:
            joint = self._pick(". |, and |. Also, ")
        document.say(joint)
        document.mention(pronoun.capitalize() if joint.strip() == "." else pronoun, second)
        verb = ("are", "were") if pronoun == "they" else ("is", "was")
        if self._chance.random() < 0.7:
            document.say(f" {verb[self._past]} {self._opinion(noun, second)}.")
        else:
            document.say(" " + self._pick(GOOD_PREDICATES if second == POSITIVE else BAD_PREDICATES) + ".")

    def _mixed(self, document: Document) -> None:
        noun = self._target()
        first, second = self._chance.choice(((POSITIVE, NEGATIVE), (NEGATIVE, POSITIVE)))
        self._noun(document, noun, MIXED, True)
        joint = self._pick(" but | but |, but |, yet | though | but also ")
        document.say(f" {self._be(noun)} {self._opinion(noun, first)}{joint}{self._opinion(noun, second)}.")

    def _compared(self, document: Document) -> None:
        better, worse = self._target(), self._target()
        start = self._chance.random()
        if start < 0.5:
            self._noun(document, better, POSITIVE, True)
            document.say(
                f" {self._be(better)} {self._pick('better than|far superior to|much nicer than|way ahead of')} "
            )
            self._noun(document, worse, NEGATIVE)
        elif start < 0.8:
            self._noun(document, worse, NEGATIVE, True)
            document.say(f" {self._be(worse)} {self._pick('worse than|no match for|far behind|inferior to')} ")
            self._noun(document, better, POSITIVE)
        else:
            self._person(document)
            document.say(" " + self._pick("preferred|would rather have|would choose") + " ")
            self._noun(document, better, POSITIVE)
            document.say(" " + self._pick("over|instead of|to") + " ")
            self._noun(document, worse, NEGATIVE)
        document.say(".")

    def _relative(self, document: Document) -> None:
        first, second = self._polarities()
        noun = self._target()
        self._noun(document, noun, first, True)
        document.say(
            f", {'who' if noun in NOUNS['people'] else 'which'} {self._be(noun)} {self._opinion(noun, first)}, "
        )
        document.say(self._pick("came with|was next to|stood beside|followed|replaced") + " ")
        sentiment = self._chance.choice((second, NEUTRAL))
        adjective = {
            POSITIVE: self._pick(GOOD_ADJECTIVES), NEGATIVE: self._pick(BAD_ADJECTIVES), NEUTRAL: ""
        }[sentiment]  # fmt: skip
        self._noun(document, self._target(), sentiment, adjective=adjective)
        document.say(".")

    def _listed(self, document: Document) -> None:
        sentiment = self._chance.choice((POSITIVE, NEGATIVE))
        first, second = self._target(), self._target()
        if self._chance.random() < 0.3:
            document.say("Neither " if sentiment == NEGATIVE else "Both ")
            self._noun(document, first, sentiment)
            document.say(" nor " if sentiment == NEGATIVE else " and ")
            self._noun(document, second, sentiment)
            document.say(f" {'was' if sentiment == NEGATIVE else 'were'} {self._opinion(first, POSITIVE)}.")
            return
        self._noun(document, first, sentiment, True)
        document.say(" and ")
        self._noun(document, second, sentiment)
        document.say(f" were {self._opinion(first, sentiment)}.")

    def _despite(self, document: Document) -> None:
        first, second = self._chance.choice(((POSITIVE, NEGATIVE), (NEGATIVE, POSITIVE)))
        adjectives = {POSITIVE: GOOD_ADJECTIVES, NEGATIVE: BAD_ADJECTIVES}
        word = self._pick("Despite|In spite of|Apart from|Except for|Because of|Thanks to")
        document.say(word + " ")
        same = word in ("Because of", "Thanks to")
        self._noun(document, self._target(), first, adjective=self._pick(adjectives[first]))
        document.say(", ")
        self._clause(document, self._target(), first if same else second, False)
        document.say(".")
