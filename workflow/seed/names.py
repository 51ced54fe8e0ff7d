"""Make believable names of invented people: common ones often, rare ones rarely."""

from bisect import bisect
from itertools import accumulate
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    "Anna Maria Elena Ruth Grace Helen Alice Carmen Rosa Lucía Sofía Isabel Teresa Pilar Inés "
    "Margaret Barbara Susan Karen Nancy Linda Carol Donna Sharon Deborah Janet Diane Joyce Judith "
    "Ingrid Astrid Freja Solveig Marit Aoife Siobhán Niamh Fiona Morag Eilidh Katarzyna Agnieszka "
    "Małgorzata Zofia Jana Eva Hana Noor Layla Yasmin Fatima Amina Zainab Anjali Priya Meera "
    "Kavita Lakshmi Mei Ling Yuki Haruko Ji-woo Thuỳ Ánh Hương Blessing Chiamaka Ngozi "
    "Abena Wanjiru Thandiwe Odette Claudine Amélie Chloé Giulia Chiara Beatrice Despina Eleni"
)
MEN = _words(
    "John James Robert Michael William David Richard Joseph Thomas Charles Daniel Matthew Anthony "
    "Mark Donald Steven Paul Andrew Kenneth George Edward Brian Ronald Walter Henry Carl Arthur "
    "José Luis Carlos Miguel Jesús Ramón Héctor Andrés Tomás Joaquín Lars Erik Bjørn Anders Henrik "
    "Seán Pádraig Conor Hamish Angus Piotr Andrzej Łukasz Stanisław Jiří Pavel Marek Omar Yusuf "
    "Hassan Ibrahim Tariq Karim Arjun Rahul Vikram Sanjay Wei Hiroshi Kenji Min-jun Hyun-woo Minh "
    "Dũng Chidi Emeka Kwame Kofi Mwangi Sipho Étienne Rémi Luc Marco Giovanni Nikos Kostas Dimitri"
)
FAMILIES = _words(
    "Smith Johnson Williams Brown Jones García Miller Davis Rodríguez Martínez Hernández López "
    "González Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris "
    "Sánchez Clark Ramírez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyễn Hill "
    "Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gómez Phillips "
    "Evans Turner Díaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers "
    "Gutiérrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson "
    "Watson Brooks Chávez Wood James Bennett Gray Mendoza Ruiz Hughes Price Álvarez Castillo "
    "Sanders Patel Myers Long Ross Foster Jiménez Müller Schmidt Schneider Fischer Weber Meyer "
    "Wagner Becker Rossi Russo Ferrari Esposito Bianchi Romano Dubois Moreau Laurent Girard "
    "Kowalski Nowak Wiśniewski Wójcik Zieliński Novák Dvořák Svoboda Horvat Kovačević Papadopoulos "
    "Ivanov Petrov O'Brien O'Neill O'Connor MacDonald McCarthy Fitzgerald Haddad Khoury Mansour "
    "Rahman Hussain Singh Kaur Sharma Gupta Reddy Iyer Chen Wang Li Zhang Liu Huang Tanaka Suzuki "
    "Sato Park Choi Okafor Adeyemi Mensah Boateng Ndlovu Dlamini Hansen Johansen Lindqvist "
    "Bergström Nielsen"
)
_BEGINS = _words(
    "Al Ash Bar Beck Bir Black Bold Brad Bur Cald Car Chat Clay Cran Dal Dar Den Dun East Eld Fair "
    "Farn Gar Glen Green Had Hal Har Hart Hazel Hol Hurst Ken Kirk Lang Lin Long Mal Mar Mel Mil "
    "Nor North Oak Pem Pen Rad Rams Red Rich Rock Sand Shel South Stan Stone Sut Thorn Tor Wal War "
    "West Whit Wood Wyn York"
)
_MIDDLES = ("", "", "", "er", "ing", "en", "ley", "a", "o", "in")
_ENDS = _words(
    "bourne bridge brook burn bury by cliff combe cote dale den field ford gate ham hill holme "
    "hurst land ley low man mere more ridge sett shaw stead stock thorpe ton vale wald ward water "
    "well wick win wood worth"
)


def _often(words: tuple[str, ...], falls: float) -> list[float]:
    """Return the running sums of weights that fall with the place in the list."""
    return list(accumulate(1 / (place + 5) ** falls for place in range(len(words))))


_WOMEN, _MEN = _often(WOMEN, 0.6), _often(MEN, 0.6)
_FAMILIES = _often(FAMILIES, 0.8)


def _drawn(words: tuple[str, ...], weights: list[float], random: Random) -> str:
    return words[bisect(weights, random.random() * weights[-1])]


def family(random: Random) -> str:
    """Return a family name: from the list of common ones, or one of many thousand rare ones."""
    if random.random() < 0.5:
        return _drawn(FAMILIES, _FAMILIES, random)
    return random.choice(_BEGINS) + random.choice(_MIDDLES) + random.choice(_ENDS)


def full_name(sex: str, random: Random) -> str:
    """Return a full name; one in twelve has two family names, one in nine a middle initial."""
    given = _drawn(WOMEN, _WOMEN, random) if sex == "F" else _drawn(MEN, _MEN, random)
    chance = random.random()
    if chance < 1 / 12:
        return f"{given} {family(random)} {family(random)}"
    if chance < 1 / 12 + 1 / 9:
        return f"{given} {random.choice('ABCDEFGHJKLMNPRSTW')}. {family(random)}"
    return f"{given} {family(random)}"
