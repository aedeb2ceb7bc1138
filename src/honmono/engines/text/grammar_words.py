"""The words that dates and amounts are written with, language by language, for `grammars`.

Entries are pieces of regular expressions in lower case, the words of one field apart by "|".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What a language in Latin script says for times and amounts.

    Attributes:
        months: names and abbreviations of months that mean nothing else.
        shared_months: months that are also other words: they count beside a day, a year or a word of `before_month`.
        before_month: words in front of a month that stands alone.
        weekdays: days of the week.
        day_parts: what may follow a weekday ("morning").
        moments: whole phrases: "yesterday", "last week".
        of: between day, month and year.
        ordinal: what follows the digits of an ordinal number or of a day.
        clock: what follows the digits of a time without a colon.
        ago: around a length of time, so that it becomes a date: (in front, behind).
        spans: units of time, singular and plural.
        units: other units, scales of temperature included, written apart or together.
        money: currencies behind the number.
        scales: million and the like.
        numbers: number words from two on.
        one: one and half, which count only in front of a unit.
        article: the article that is one in front of "million", or of a length of time that makes a date.
        ordinals: "first" and so on.
        glue: between the words of a number ("twenty-one").
    """

    months: str
    shared_months: str
    before_month: str
    weekdays: str
    day_parts: str
    moments: str
    of: str
    ordinal: str
    clock: str
    ago: tuple[str, str]
    spans: str
    units: str
    money: str
    scales: str
    numbers: str
    one: str
    article: str
    ordinals: str
    glue: str = r"[- ]"


ENGLISH = Words(
    months=r"january|february|april|june|july|august|september|october|november|december|jan\.|feb\.|apr\.|aug\.|"
    r"sept?\.|oct\.|nov\.|dec\.",
    shared_months=r"march|may|mar|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec",
    before_month=r"in|since|until|till|by|of|from|to|last|next|this|through|early|late|during|before|after|every",
    weekdays=r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
    day_parts=r"morning|afternoon|evening|night",
    moments=r"today|tonight|tomorrow|yesterday|noon|midnight|(?:the )?day (?:before yesterday|after tomorrow)|"
    r"(?:last|next|this|the previous|the following) (?:week(?:end)?|month|year|quarter|night|morning|afternoon|evening|"
    r"spring|summer|autumn|fall|winter|century|decade)|(?:the )?weekend|(?:an?|one) (?:day|week|month|year|hour) ago|"
    r"christmas(?: day| eve)?|new year's (?:day|eve)|easter|(?:the )?\d{1,2}(?:st|nd|rd|th) century",
    of=r",? (?:of )?",
    ordinal=r"st|nd|rd|th",
    clock=r" ?[ap]\.m\.| ?[ap]m\b| o'clock",
    ago=(r"", r" (?:ago|earlier|later|from now)"),
    spans=r"(?:milli)?seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|quarters?|years?|decades?|"
    r"centur(?:y|ies)",
    units=r"percent(?:age points)?|per cent|%|‰|degrees?(?: (?:celsius|fahrenheit))?|°[CF]?|(?:kilo|centi|milli)?"
    r"met(?:er|re)s?|km(?:/h|[²2])?|cm|mm|m[²2]?|miles?(?: per hour)?|mph|feet|foot|ft|inch(?:es)?|yards?|(?:square|cubic) "
    r"(?:kilo)?(?:met(?:er|re)s|miles|feet)|acres?|hectares?|(?:kilo|milli)?grams?|kg|mg|tonnes?|tons?|pounds?|lbs?|"
    r"ounces?|oz|lit(?:er|re)s?|gallons?|barrels?|bytes?|[kmgt]b|[kmgt]i?bytes|(?:giga|mega|kilo|tera)(?:bytes?|watts?|"
    r"hertz)|watts?|[kmg]w|volts?|[kmg]?hz|fps|points?|times",
    money=r"(?:us |canadian |australian |hong kong )?dollars?|cents?|euros?|pence|pounds?(?: sterling)?|yen|yuan|won|"
    r"rupees?|roubles?|rubles?|francs?|kron(?:or|er)|pesos?|reais|usd|eur|gbp|jpy|chf|cny",
    scales=r"hundred|thousand|million|billion|trillion|dozen|bn|mn|m\b|k\b",
    numbers=r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens|hundreds|thousands|millions",
    one=r"one|half an?",
    article=r"an?",
    ordinals=r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|twentieth",
)

GERMAN = Words(
    months=r"januar|jänner|februar|märz|april|juni|juli|august|september|oktober|november|dezember",
    shared_months=r"mai|jan\.|feb\.|apr\.|aug\.|sept?\.|okt\.|nov\.|dez\.",
    before_month=r"im|seit|bis|ab|anfang|ende|mitte|vom|zum|vergangenen|nächsten|kommenden",
    weekdays=r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?",
    day_parts=r"morgen|vormittag|mittag|nachmittag|abend|nacht",
    moments=r"heute(?: (?:morgen|abend|nacht))?|gestern(?: abend)?|vorgestern|übermorgen|"
    r"(?:letzten?|vergangenen?|vorigen?|nächsten?|kommenden?|dieser?|diesen|diesem|dieses|letztes|nächstes|letztem) "
    r"(?:woche|wochenende|monats?|jahr(?:es)?|quartal|sommer|winter|herbst|frühling|frühjahr)|mitternacht|weihnachten|"
    r"ostern|silvester",
    of=r"\.? ",
    ordinal=r"\.",
    clock=r" uhr(?: \d{2})?",
    ago=(r"vor ", r""),
    spans=r"sekunden?|minuten?|stunden?|tag(?:en?)?|nächten?|wochen?|monat(?:en?)?|jahr(?:en?)?|jahrzehnte?n?|"
    r"jahrhunderte?n?",
    units=r"prozent(?:punkten?)?|%|grad(?: celsius)?|°c?|kilometern?|metern?|zentimetern?|millimetern?|km(?:/h|[²2])?|cm|mm|"
    r"m[²2]?|quadratmetern?|quadratkilometern?|hektar|kilogramm|kilo|kg|gramm|tonnen?|litern?|[kmgt]b|megawatt|gigawatt|"
    r"kilowatt|watt|stundenkilometern?|mal|punkten?",
    money=r"euro|cent|(?:us-)?dollar|pfund|yen|franken|kronen|mark|rubel|eur|usd|chf",
    scales=r"hundert|tausend|mio\.?|mrd\.?|millionen?|milliarden?|billionen?|dutzend",
    numbers=r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|"
    r"(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:zwan|vier|fünf|sech|sieb|acht|neun)zig|dreißig|dutzende",
    one=r"halbe|anderthalb|eineinhalb",
    article=r"ein(?:e[mnrs]?)?",
    ordinals=r"(?:erste|zweite|dritte|vierte|fünfte|sechste|siebte|achte|neunte|zehnte)[nrms]?",
)

FRENCH = Words(
    months=r"janvier|février|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    shared_months=r"mars|janv\.|févr\.|avr\.|juil\.|sept\.|oct\.|nov\.|déc\.",
    before_month=r"en|de|depuis|fin|début|d'|dès|mi-|jusqu'en",
    weekdays=r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?",
    day_parts=r"matin|après-midi|soir",
    moments=r"aujourd['’]hui|hier(?: soir)?|demain|avant-hier|après-demain|(?:la semaine|le mois|l['’]année|l['’]an|l['’]été|"
    r"l['’]hiver|le week-end) (?:derni[eè]re?|prochaine?)|cette (?:semaine|année|nuit)|ce (?:mois|matin|soir|week-end)|cet "
    r"(?:été|hiver|automne)|midi|minuit|noël|pâques",
    of=r" (?:de )?",
    ordinal=r"er|e|ème",
    clock=r" ?h(?: ?\d{2})?\b| heures(?: \d{2})?",
    ago=(r"il y a ", r""),
    spans=r"secondes?|minutes?|heures?|jours?|nuits?|semaines?|mois|trimestres?|ans?|années?|décennies?|siècles?",
    units=r"pour cent|%|degrés?|°c?|kilomètres?(?: carrés)?|mètres?(?: carrés)?|centimètres?|millimètres?|km(?:/h|[²2])?|cm|"
    r"mm|m[²2]?|hectares?|kilogrammes?|kilos?|kg|grammes?|tonnes?|litres?|[kmgt]o|mégawatts?|gigawatts?|watts?|points?|fois",
    money=r"(?:d['’])?euros?|(?:de )?dollars?|(?:de )?livres(?: sterling)?|(?:de )?yens?|(?:de )?francs?|centimes?|eur|usd|chf",
    scales=r"cents?|mille|millions?|milliards?|douzaines?",
    numbers=r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|"
    r"cinquante|soixante|dizaines|centaines|milliers",
    one=r"demi-?",
    article=r"une?",
    ordinals=r"premi(?:er|ère)s?|deuxième|troisième|quatrième|cinquième|sixième|dixième",
)

SPANISH = Words(
    months=r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre",
    shared_months=r"ene\.|feb\.|abr\.|ago\.|sept?\.|oct\.|nov\.|dic\.",
    before_month=r"en|de|desde|hasta",
    weekdays=r"lunes|martes|miércoles|jueves|viernes|sábados?|domingos?",
    day_parts=r"por la (?:mañana|tarde|noche)",
    moments=r"hoy|ayer|anteayer|anoche|pasado mañana|(?:la semana|el mes|el año|el verano|el invierno|el fin de semana) "
    r"(?:pasad[oa]|próxim[oa]|que viene)|(?:el|la) próxim[oa] (?:semana|mes|año)|est[ea] (?:semana|mes|año|noche|mañana|tarde)|"
    r"mediodía|medianoche|navidad",
    of=r" (?:de |del )?",
    ordinal=r"[.º]",
    clock=r" ?[ap]\. ?m\.| horas| h\b",
    ago=(r"hace ", r""),
    spans=r"segundos?|minutos?|horas?|días?|noches?|semanas?|mes(?:es)?|trimestres?|años?|décadas?|siglos?",
    units=r"por ciento|%|grados?|°c?|kilómetros?(?: cuadrados)?|metros?(?: cuadrados)?|centímetros?|milímetros?|km(?:/h|[²2])?|"
    r"cm|mm|m[²2]?|hectáreas?|kilogramos?|kilos?|kg|gramos?|toneladas?|litros?|[kmgt]b|megavatios?|vatios?|puntos?|veces",
    money=r"(?:de )?euros?|(?:de )?dólares|(?:de )?libras|(?:de )?yenes|(?:de )?pesos|céntimos?|centavos?|eur|usd|mxn",
    scales=r"cien(?:tos)?|mil|millón|millones|mil millones|billones|docenas?",
    numbers=r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veinte|treinta|cuarenta|"
    r"cincuenta|sesenta|decenas|cientos|miles",
    one=r"medi[oa]",
    article=r"una?",
    ordinals=r"primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|décim[oa]",
)

ITALIAN = Words(
    months=r"gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
    shared_months=r"gen\.|feb\.|apr\.|ago\.|sett?\.|ott\.|nov\.|dic\.",
    before_month=r"a|in|di|da|dal|fino a|nel",
    weekdays=r"lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
    day_parts=r"mattina|pomeriggio|sera|notte",
    moments=r"oggi|ieri(?: sera)?|domani|dopodomani|l['’]altro ieri|"
    r"(?:la settimana|il mese|l['’]anno|l['’]estate|l['’]inverno) "
    r"(?:scors[oa]|prossim[oa])|(?:scors[oa]|prossim[oa]) (?:settimana|mese|anno)|quest['’]anno|questa (?:settimana|sera|notte|"
    r"mattina)|questo (?:mese|pomeriggio)|stasera|stanotte|mezzogiorno|mezzanotte|natale|pasqua",
    of=r" (?:di |del )?",
    ordinal=r"[°º]",
    clock=r" ore",
    ago=(r"", r" fa"),
    spans=r"second[oi]|minut[oi]|or[ae]|giorn[oi]|nott[ei]|settiman[ae]|mes[ei]|trimestr[ei]|ann[oi]|decenni[o]?|secol[oi]",
    units=r"per cento|%|grad[oi]|°c?|chilometr[oi](?: quadrati)?|metr[oi](?: quadrati)?|centimetr[oi]|millimetr[oi]|"
    r"km(?:/h|[²2])?|cm|mm|m[²2]?|ettar[oi]|chilogramm[oi]|chil[oi]|kg|gramm[oi]|tonnellat[ae]|litr[oi]|[kmgt]b|megawatt|watt|"
    r"punt[oi]|volte",
    money=r"(?:di )?euro|(?:di )?dollari|(?:di )?sterline|(?:di )?yen|(?:di )?lire|centesimi|eur|usd",
    scales=r"cento|mille|mila|milion[ei]|miliard[oi]|dozzin[ae]",
    numbers=r"due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|venti|trenta|"
    r"quaranta|cinquanta|decine|centinaia|migliaia",
    one=r"mezz[oa]",
    article=r"un[oa]?|un['’]",
    ordinals=r"prim[oa]|second[oa]|terz[oa]|quart[oa]|quint[oa]|sest[oa]|decim[oa]",
)

PORTUGUESE = Words(
    months=r"janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
    shared_months=r"jan\.|fev\.|mar\.|abr\.|ago\.|set\.|out\.|nov\.|dez\.",
    before_month=r"em|de|desde|até",
    weekdays=r"(?:segunda|terça|quarta|quinta|sexta)-feira|sábados?|domingos?",
    day_parts=r"de manhã|à tarde|à noite",
    moments=r"hoje|ontem|amanhã|anteontem|depois de amanhã|(?:a semana|o mês|o ano|o verão|o inverno|o fim de semana) "
    r"(?:passad[oa]|que vem)|(?:na|no|a|o) próxim[oa] (?:semana|mês|ano)|est[ea] (?:semana|mês|ano|noite)|meio-dia|"
    r"meia-noite|natal|páscoa",
    of=r" (?:de )?",
    ordinal=r"[.º]",
    clock=r" ?h(?:\d{2})?\b| horas",
    ago=(r"há ", r""),
    spans=r"segundos?|minutos?|horas?|dias?|noites?|semanas?|mês|meses|trimestres?|anos?|décadas?|séculos?",
    units=r"por cento|%|graus?|°c?|quilômetros?|quilómetros?|metros?(?: quadrados)?|centímetros?|milímetros?|km(?:/h|[²2])?|"
    r"cm|mm|m[²2]?|hectares?|quilogramas?|quilos?|kg|gramas?|toneladas?|litros?|[kmgt]b|megawatts?|watts?|pontos?|"
    r"vezes",
    money=r"(?:de )?euros?|(?:de )?dólares|(?:de )?libras|(?:de )?ienes|(?:de )?reais|centavos?|cêntimos?|eur|usd|brl",
    scales=r"cem|centos|mil|milhão|milhões|bilhão|bilhões|mil milhões|dúzias?",
    numbers=r"dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|treze|quinze|vinte|trinta|quarenta|"
    r"cinquenta|dezenas|centenas|milhares",
    one=r"mei[oa]",
    article=r"uma?",
    ordinals=r"primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|sext[oa]|décim[oa]",
)

LATIN = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "it": ITALIAN, "pt": PORTUGUESE}
