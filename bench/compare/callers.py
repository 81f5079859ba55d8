"""Makes callers with API keys, and names them in the form of every gateway that is compared.

A hundred and more callers, twenty models, ten roles; nine of ten callers may call m1, and each some others.
The same seed makes the same callers.
"""

import hashlib
import random
import zlib

MODELS = [f"m{number}" for number in range(1, 21)]
BASIC = ["m1", "m2", "m3"]


def write(folder, count):
    """Writes keys-permitted.txt, sallyport-callers.yaml, nginx-callers.map and nginx-grants.map; returns the folder."""
    chance = random.Random(20261101)
    permitted, sallyport, nginx_callers, nginx_grants = [], ["callers:\n"], [], []
    for number in range(count):
        name, key = f"caller{number:05}", mint(chance)
        may = sorted({*chance.sample(MODELS[3:], 5), *chance.sample(MODELS[3:], 5)}, key=MODELS.index)
        if number % 10 != 9:
            may = BASIC + may
            permitted.append(f"x-api-key: {key}\n")
        digest = hashlib.sha256(key.encode()).hexdigest()
        sallyport.append(f"  {name}: {{key: 'sha256:{digest}', may: [{', '.join(may)}], limit: 100000/s}}\n")
        nginx_callers.append(f'"{key}" {name};\n')
        nginx_grants += [f'"{name}/{model}" 1;\n' for model in may]
    for file, lines in (("keys-permitted.txt", permitted), ("sallyport-callers.yaml", sallyport),
                        ("nginx-callers.map", nginx_callers), ("nginx-grants.map", nginx_grants)):
        (folder / file).write_text("".join(lines))
    return folder


def mint(chance):
    """A key in the form of `./sallyport keys new`: sp_, 43 digits of base 62, and a checksum of 6. For tests only: not secret."""
    checked = "sp_" + digits(chance.getrandbits(256), 43)
    return checked + digits(zlib.crc32(checked.encode()), 6)


def digits(number, count):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    text = ""
    for _ in range(count):
        number, digit = divmod(number, len(alphabet))
        text = alphabet[digit] + text
    return text
