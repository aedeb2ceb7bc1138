"""French words that are not said as they are spelled, and those that lend a consonant to the next."""

from __future__ import annotations

LIAISONS = dict.fromkeys(
    ["les", "des", "ces", "mes", "tes", "ses", "nos", "vos", "leurs", "aux", "nous", "vous", "ils", "elles", "très", "sans", "sous", "dans", "chez", "plus", "moins", "deux", "trois", "six", "dix", "quelques", "plusieurs", "certains", "aux", "grands", "petits", "bons", "belles", "beaux", "vieux", "nouveaux", "autres", "premiers"],
    "z",
) | dict.fromkeys(["un", "on", "mon", "ton", "son", "en", "bon", "aucun", "bien", "rien", "certain", "ancien", "prochain"], "n")
LIAISONS |= dict.fromkeys(
    ["est", "sont", "ont", "font", "petit", "grand", "tout", "quand", "c'est", "cent", "vingt", "était", "étaient", "avait", "avaient", "fait"], "t"
)
LIAISONS |= {"premier": "ʁ", "dernier": "ʁ", "trop": "p", "beaucoup": "p"}

UNSTRESSED = frozenset(
    ["le", "la", "les", "l", "de", "des", "du", "d", "un", "une", "et", "à", "au", "aux", "en", "dans", "par", "pour", "sur", "que", "qui", "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ne", "se", "me", "te", "ce", "ces", "cet", "cette", "mon", "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses", "si", "ou", "mais", "est", "sont", "ai", "as", "a", "avec", "sans"]
)

SAID = {
    "les": "le", "des": "de", "ces": "se", "mes": "me", "tes": "te", "ses": "se", "est": "ɛ", "et": "e", "es": "ɛ",
    "un": "œ̃", "une": "yn", "de": "də", "le": "lə", "je": "ʒə", "me": "mə", "te": "tə", "se": "sə", "ce": "sə",
    "ne": "nə", "que": "kə", "à": "a", "a": "a", "y": "i", "eu": "y", "eut": "y", "eus": "y", "eue": "y", "eurent": "yʁ",
    "monsieur": "məsjø", "messieurs": "mesjø", "madame": "madam", "femme": "fam", "second": "səɡɔ̃", "seconde": "səɡɔ̃d",
    "secondaire": "səɡɔ̃dɛʁ", "ville": "vil", "village": "vilaʒ", "mille": "mil", "million": "miljɔ̃",
    "milliard": "miljaʁ", "tranquille": "tʁɑ̃kil", "tranquillement": "tʁɑ̃kilmɑ̃", "lille": "lil", "gilles": "ʒil",
    "fils": "fis", "os": "ɔs", "mars": "maʁs", "tous": "tus", "plus": "ply", "sens": "sɑ̃s", "ours": "uʁs", "bus": "bys",
    "virus": "viʁys", "autobus": "otobys", "terminus": "tɛʁminys", "jadis": "ʒadis", "hélas": "elas", "atlas": "atlas",
    "tennis": "tenis", "oasis": "oazis", "maïs": "mais", "iris": "iʁis", "lis": "lis", "vis": "vis", "gaz": "ɡaz",
    "six": "sis", "dix": "dis", "huit": "ɥit", "sept": "sɛt", "cinq": "sɛ̃k", "neuf": "nœf", "vingt": "vɛ̃", "cent": "sɑ̃",
    "deux": "dø", "trois": "tʁwa", "quatre": "katʁ", "onze": "ɔ̃z", "douze": "duz", "treize": "tʁɛz", "quatorze": "katɔʁz",
    "quinze": "kɛ̃z", "seize": "sɛz", "soixante": "swasɑ̃t", "dixième": "dizjɛm", "sixième": "sizjɛm",
    "deuxième": "døzjɛm", "août": "ut", "hier": "jɛʁ", "hiver": "ivɛʁ", "mer": "mɛʁ", "fer": "fɛʁ", "enfer": "ɑ̃fɛʁ",
    "cher": "ʃɛʁ", "fier": "fjɛʁ", "amer": "amɛʁ", "ver": "vɛʁ", "vers": "vɛʁ", "envers": "ɑ̃vɛʁ", "travers": "tʁavɛʁ",
    "divers": "divɛʁ", "univers": "ynivɛʁ", "cancer": "kɑ̃sɛʁ", "super": "sypɛʁ", "hamster": "amstɛʁ", "tiers": "tjɛʁ",
    "clef": "kle", "nerf": "nɛʁ", "cerf": "sɛʁ", "œuf": "œf", "bœuf": "bœf", "œufs": "ø", "bœufs": "bø", "œil": "œj",
    "yeux": "jø", "œuvre": "œvʁ", "sœur": "sœʁ", "cœur": "kœʁ", "chœur": "kœʁ", "orchestre": "ɔʁkɛstʁ", "écho": "eko",
    "technique": "tɛknik", "technologie": "tɛknɔlɔʒi", "archéologue": "aʁkeɔlɔɡ", "psychologie": "psikɔlɔʒi",
    "chrétien": "kʁetjɛ̃", "chaos": "kao", "orchidée": "ɔʁkide", "choléra": "kɔleʁa", "psychologue": "psikɔlɔɡ",
    "automne": "otɔn", "condamner": "kɔ̃dane", "damné": "dane", "album": "albɔm", "parfum": "paʁfœ̃", "faim": "fɛ̃",
    "examen": "ɛɡzamɛ̃", "européen": "øʁɔpeɛ̃", "agenda": "aʒɛ̃da", "pays": "pei", "paysage": "peizaʒ", "paysan": "peizɑ̃",
    "abbaye": "abei", "monsieurs": "məsjø", "gentil": "ʒɑ̃ti", "outil": "uti", "fusil": "fyzi", "persil": "pɛʁsi",
    "sourcil": "suʁsi", "cul": "ky", "saoul": "su", "soûl": "su", "sculpture": "skyltyʁ", "compte": "kɔ̃t",
    "compter": "kɔ̃te", "comptes": "kɔ̃t", "baptême": "batɛm", "corps": "kɔʁ", "temps": "tɑ̃", "longtemps": "lɔ̃tɑ̃",
    "printemps": "pʁɛ̃tɑ̃", "champ": "ʃɑ̃", "camp": "kɑ̃", "coup": "ku", "beaucoup": "boku", "loup": "lu", "trop": "tʁo",
    "drap": "dʁa", "galop": "ɡalo", "sirop": "siʁo", "cap": "kap", "stop": "stɔp", "banc": "bɑ̃", "blanc": "blɑ̃",
    "franc": "fʁɑ̃", "porc": "pɔʁ", "tabac": "taba", "estomac": "ɛstɔma", "caoutchouc": "kautʃu", "donc": "dɔ̃k",
    "sac": "sak", "lac": "lak", "avec": "avɛk", "parc": "paʁk", "chef": "ʃɛf", "sud": "syd", "net": "nɛt",
    "brut": "bʁyt", "dot": "dɔt", "ouest": "wɛst", "direct": "diʁɛkt", "correct": "kɔʁɛkt", "exact": "ɛɡzakt",
    "contact": "kɔ̃takt", "impact": "ɛ̃pakt", "strict": "stʁikt", "aujourd'hui": "oʒuʁdɥi",
    "quelqu'un": "kɛlkœ̃", "oui": "wi", "ouïe": "wi", "moelle": "mwal", "poêle": "pwal", "zoo": "zoo",
    "alcool": "alkɔl", "oignon": "ɔɲɔ̃", "femmes": "fam", "solennel": "sɔlanɛl", "patient": "pasjɑ̃",
    "patience": "pasjɑ̃s", "science": "sjɑ̃s", "sciences": "sjɑ̃s", "client": "klijɑ̃", "clients": "klijɑ̃",
    "orient": "ɔʁjɑ̃", "inconvénient": "ɛ̃kɔ̃venjɑ̃", "ingrédient": "ɛ̃ɡʁedjɑ̃", "efficient": "efisjɑ̃", "récipient": "ʁesipjɑ̃",
    "expérience": "ɛkspeʁjɑ̃s", "audience": "odjɑ̃s", "conscience": "kɔ̃sjɑ̃s", "conscient": "kɔ̃sjɑ̃", "quotient": "kɔsjɑ̃",
    "démocratie": "demɔkʁasi", "initiative": "inisjativ", "balbutier": "balbysje", "aquarium": "akwaʁjɔm",
    "équateur": "ekwatœʁ", "quoi": "kwa", "aiguille": "eɡɥij", "linguistique": "lɛ̃ɡɥistik", "fuel": "fjul", "jazz": "dʒaz",
    "pizza": "pidza", "week": "wik", "football": "futbol", "sandwich": "sɑ̃dwitʃ", "parking": "paʁkiŋ", "camping": "kɑ̃piŋ",
    "marketing": "maʁketiŋ", "meeting": "mitiŋ", "internet": "ɛ̃tɛʁnɛt", "email": "imɛl", "mail": "mɛl", "job": "dʒɔb",
    "club": "klœb", "toast": "tost", "wagon": "vaɡɔ̃", "paris": "paʁi", "nice": "nis", "reims": "ʁɛ̃s", "metz": "mɛs",
    "bruxelles": "bʁysɛl", "auxerre": "osɛʁ", "montréal": "mɔ̃ʁeal", "caen": "kɑ̃", "jean": "ʒɑ̃", "jésus": "ʒezy",
    "louis": "lwi", "thomas": "tɔma", "nicolas": "nikɔla", "rendez-vous": "ʁɑ̃devu", "vas": "va", "pas": "pa",
    "bas": "ba", "cas": "ka", "lorsque": "lɔʁskə", "puisque": "pɥiskə", "jusque": "ʒysk", "presque": "pʁɛsk",
    "dessus": "dəsy", "dessous": "dəsu", "ressembler": "ʁəsɑ̃ble", "besoin": "bəzwɛ̃", "maintenant": "mɛ̃tənɑ̃",
    "samedi": "samdi", "médecin": "medsɛ̃", "appeler": "aple", "acheter": "aʃte", "petit": "pəti", "petite": "pətit",
    "petits": "pəti", "petites": "pətit", "cheval": "ʃəval", "fenêtre": "fənɛtʁ", "demain": "dəmɛ̃", "semaine": "səmɛn",
    "premier": "pʁəmje", "première": "pʁəmjɛʁ", "dernier": "dɛʁnje", "regarder": "ʁəɡaʁde", "revenir": "ʁəvniʁ",
    "devenir": "dəvniʁ", "tenir": "təniʁ", "venir": "vəniʁ", "ceux": "sø", "faisait": "fəzɛ", "faisons": "fəzɔ̃",
    "bien": "bjɛ̃", "rien": "ʁjɛ̃", "viens": "vjɛ̃", "vient": "vjɛ̃", "tient": "tjɛ̃", "tiens": "tjɛ̃", "combien": "kɔ̃bjɛ̃",
    "italien": "italjɛ̃", "mois": "mwa", "fois": "fwa", "dos": "do", "gros": "ɡʁo", "grosse": "ɡʁos", "haut": "o",
    "pomme": "pɔm", "homme": "ɔm", "nom": "nɔ̃", "il": "il", "ils": "il", "elles": "ɛl", "elle": "ɛl",
    "leurs": "lœʁ", "chose": "ʃoz", "rose": "ʁoz", "zone": "zon", "pause": "poz", "idiot": "idjo", "mot": "mo", "mots": "mo",
    "sot": "so", "vos": "vo", "nos": "no", "fosse": "fos", "gauche": "ɡoʃ", "autre": "otʁ", "autres": "otʁ",
    "faut": "fo", "vaut": "vo", "chaud": "ʃo", "l": "ɛl", "qu'": "k", "d'": "d", "l'": "l", "j'": "ʒ", "m'": "m", "t'": "t",
    "s'": "s", "c'": "s", "n'": "n", "lorsqu'": "lɔʁsk", "puisqu'": "pɥisk", "jusqu'": "ʒysk", "presqu'": "pʁɛsk",
    "quelqu'": "kɛlk",
}  # fmt: skip

HOMOGRAPH_VERBS = frozenset(
    ["mangent", "jouent", "parlent", "chantent", "aiment", "regardent", "écoutent", "donnent", "trouvent", "pensent", "arrivent", "passent", "restent", "marchent", "travaillent", "habitent", "cherchent", "demandent", "montrent", "portent", "tombent", "montent", "entrent", "rentrent", "semblent", "disent", "lisent", "écrivent", "vivent", "mettent", "doivent", "peuvent", "veulent", "savent", "boivent", "dorment", "partent", "sortent", "sentent", "servent", "courent", "ouvrent", "offrent", "souffrent", "croient", "voient", "finissent", "choisissent", "attendent", "entendent", "vendent", "descendent", "répondent", "perdent", "rendent", "battent", "suivent", "connaissent", "naissent", "paraissent", "disparaissent", "poussent", "volent", "brillent", "tournent", "crient", "rient", "étudient", "continuent", "existent", "changent", "commencent", "placent", "avancent", "augmentent", "représentent", "permettent", "utilisent", "créent", "jettent", "appellent", "achètent", "lèvent", "mènent", "préfèrent", "espèrent", "gagnent", "coûtent", "comptent", "expliquent", "racontent", "apportent", "quittent", "visitent", "apprécient", "oublient", "restèrent"]
)
