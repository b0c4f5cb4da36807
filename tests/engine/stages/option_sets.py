"""Random sets of cutadapt's options with the chain of stages that stands for each, and reads that are hard for both."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MEANT = {"R": "AG", "Y": "CT", "W": "AT", "S": "CG", "K": "GT", "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT",
          "V": "ACG", "N": "ACGT"}  # fmt: skip
_PLACES: dict[str, tuple[str, Callable[[str], str]]] = {
    "3'": ("a", str),
    "5'": ("g", str),
    "3' anchored": ("a", "{}$".format),
    "5' anchored": ("g", "^{}".format),
    "3' end": ("a", "{}X".format),
    "5' end": ("g", "X{}".format),
    "either": ("b", str),
}
_COMMENTS = [" 1:{}:0:ACGT", " 1:{}:0:ACGT", "", "_2"]
_LENGTHS = ["", "", " length={}", "length={} ", " length={}x", "=length={0} length= len{0}", " n={} n=", "==9=_2_22"]
_RULES = {"any": "either", "both": "both", "first": "first"}


@dataclass
class OptionSet:
    """One draw.

    Attributes:
        source: of all chance.
        paired: whether it is for pairs.
        words: cutadapt's options.
        chain: stages with what is set for them, in cutadapt's order.
        adapters: the sequences that are looked for.
        encoding: how qualities are written.
        dropped: the reasons for which reads that are dropped go to files.
    """

    source: random.Random
    paired: bool
    words: list[str] = field(default_factory=list)
    chain: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    adapters: list[str] = field(default_factory=list)
    encoding: str = "Phred+33"
    dropped: list[str] = field(default_factory=list)
    _is_rightmost: bool = False
    _is_literal: bool = False
    _written: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def drawn(cls, seed: int) -> OptionSet:
        """The set of a seed."""
        source = random.Random(seed)  # noqa: S311 - options, not secrets
        made = cls(source, source.random() < 0.35)
        made._draw_trimming()
        discard = made._draw_adapters()
        made._draw_ends()
        made._draw_headers()
        made._draw_filters(discard)
        made._draw_dropped(discard)
        return made

    def _perhaps(self, chance: float) -> bool:
        return self.source.random() < chance

    def _draw_trimming(self) -> None:
        choice = self.source.choice
        if self._perhaps(0.2):
            self.encoding = "Phred+64"
            self.words.append("--quality-base=64")
        if self._perhaps(0.3):
            front, back = choice([1, 3, 200]), choice([1, 5, 300])
            mates = choice(["both", "first", "second"]) if self.paired else "first"
            self.words += ["-u", str(front), "-u", str(-back)] if mates != "second" else []
            self.words += ["-U", str(front), "-U", str(-back)] if mates != "first" else []
            chosen = {"five_prime": front, "three_prime": back, "mates": mates}
            if self._perhaps(0.4) and "--rename" not in " ".join(self.words):
                own = "{id}_{cut_prefix} {comment}_{cut_suffix}"
                chosen["rename"] = "{id}_{r1.cut_prefix}:{r2.cut_suffix} {comment} {cut_suffix}" if self.paired else own
                self.words.append(f"--rename={chosen['rename']}")
            self.chain.append(("cut", chosen))
        if self._perhaps(0.2):
            cutoff = choice([1, 10, 20, 30])
            self.words.append(f"--nextseq-trim={cutoff}")
            self.chain.append(("two_colour_quality", {"cutoff": cutoff, "encoding": self.encoding}))
        if self._perhaps(0.45):
            front, back = choice([0, 5, 20]), choice([0, 10, 20, 30])
            self.words += ["-q", f"{front},{back}"]
            both_ends = {"five_prime": front, "three_prime": back, "encoding": self.encoding}
            others = {"five_prime": choice([0, 15]), "three_prime": choice([0, 25]), "encoding": self.encoding}
            if self.paired and self._perhaps(0.3):
                self.words += ["-Q", f"{others['five_prime']},{others['three_prime']}"]
                self.chain += [("quality", {**both_ends, "mates": "first"}), ("quality", {**others, "mates": "second"})]
            elif front or back or self.encoding == "Phred+64":
                self.chain.append(("quality", both_ends))

    def _draw_adapters(self) -> str:
        """Adds adapters; gives what is discarded because of them."""
        if not self._perhaps(0.8):
            return ""
        choice = self.source.choice
        chosen: dict[str, Any] = {}
        letters = "ACGTNRYWSKMBDHV" if self._perhaps(0.35) else "ACGT"
        self._is_rightmost = self._perhaps(0.15)
        if self._perhaps(0.15):
            self._is_literal, letters, chosen["wildcards"] = True, choice(["ACGTN", "ACGTNRYW", "ACGT"]), False
            self.words.append("-N")
        mates = choice(["both", "both", "first", "second"]) if self.paired else "first"
        specs = [self._adapter(letters, mates, "first") for _ in range(choice([1, 1, 2, 3]))]
        if mates == "both" and self._perhaps(0.5):
            chosen["second"] = [self._adapter(letters, mates, "second") for _ in range(choice([1, 2]))]
        elif mates != "first":
            self.words += [word for spec in specs for word in self._written[str(spec)]]
        for words, name, values in (
            ("-e {}", "errors", [0, 0.05, 0.2, 0.34]),
            ("-O {}", "minimum_overlap", [1, 2, 5, 10]),
            ("-n {}", "times", [2, 3]),
            ("--no-indels", "indels", [False]),
            ("--match-read-wildcards", "read_wildcards", [True]),
            ("--revcomp", "revcomp", [True]),
        ):
            if self._perhaps(0.35) and not (name == "revcomp" and "{cut" in " ".join(self.words)):
                chosen[name] = choice(values)
                self.words += words.format(chosen[name]).split()
        if self._perhaps(0.3):
            is_linked = any("front" in spec for spec in (*specs, *chosen.get("second", [])))
            rest = [] if "times" in chosen else ["retain"] if is_linked else ["retain", "crop"]
            chosen["action"] = choice(["mask", "lowercase", "none", *rest])
            self.words.append(f"--action={chosen['action']}")
        suits = mates == "both" and not {"times", "revcomp"} & set(chosen) and chosen.get("action") != "crop"
        if self.paired and suits and len(chosen.get("second", specs)) == len(specs) and self._perhaps(0.6):
            chosen["together"] = True
            self.words.append("--pair-adapters")
        if self._perhaps(0.3) and "--rename" not in " ".join(self.words):
            single = ["{id}_{adapter_name} {comment}", "{header} {match_sequence}|{rc}"]
            pairs = ["{id} {comment}:{rn} {adapter_name} {r1.match_sequence}|{r2.adapter_name}"]
            chosen["rename"] = choice(pairs if self.paired else single)
            self.words.append(f"--rename={chosen['rename']}")
        discard = choice(["", "", "", "trimmed", "untrimmed"])
        self.words += [f"--discard-{discard}"] if discard else []
        chosen |= {"adapters": specs, "mates": mates} | ({"discard": discard} if discard else {})
        self.chain.append(("adapters", chosen))
        return discard

    def _adapter(self, letters: str, mates: str, side: str) -> dict[str, Any]:
        """An adapter for first or second reads; its words are added, but for second reads with those of first ones."""
        place = self.source.choice([*(() if self._is_rightmost else _PLACES), "3'", "5'"])
        flag = _PLACES[place][0]
        spec, text = self._part(letters, place)
        name = f"n{len(self.adapters)}"
        if self._is_rightmost:
            spec["rightmost"], text = True, f"{text};rightmost"
        if place in {"3'", "5'"} and self._perhaps(0.15):
            spec["anywhere"], text = True, f"{text};anywhere"
        elif flag == "a" and not self._is_rightmost and self._perhaps(0.3):
            front, before = self._part(letters, self.source.choice(["5'", "5' anchored", "5' end"]))
            flag = self.source.choice("ag")
            spec |= {"front": front} | ({"required": "both"} if flag == "g" else {})
            text = f"{before}...{text}"
        spec["name"], text = name, f"{name}={text}"
        self._written[str(spec)] = [f"-{flag.upper()}", text]
        if side == "second":
            self.words += self._written[str(spec)]
        elif mates != "second":
            self.words += [f"-{flag}", text]
        return spec

    def _part(self, letters: str, place: str) -> tuple[dict[str, Any], str]:
        """What is set for an adapter, or a part of one, and how cutadapt's options write it."""
        choice = self.source.choice
        sequence = choice("ACGT") + "".join(choice(letters) for _ in range(choice([2, 3, 5, 11, 19, 32])))
        spec: dict[str, Any] = {"sequence": sequence, "place": place}
        text = _PLACES[place][1](sequence)
        if self._perhaps(0.2):
            spec["errors"] = choice([0, 0.1, 0.3, 1, 2])
            text += f";max_errors={spec['errors']}"
        if self._perhaps(0.15):
            spec["indels"] = choice(["allowed", "not allowed"])
            text += ";indels" if spec["indels"] == "allowed" else ";noindels"
        self.adapters.append(sequence)
        return spec, text

    def _draw_ends(self) -> None:
        if self._perhaps(0.2):
            self.words.append("--poly-a")
            self.chain.append(("poly_a", {}))
        if self._perhaps(0.2):
            length = self.source.choice([0, 1, 20, -15, 50])
            self.words += ["-l", str(length)]
            shorten = {"length": abs(length), "keep": "5' end" if length >= 0 else "3' end"}
            if self.paired and self._perhaps(0.8):
                self.words += ["-L", "30"]
                self.chain += [
                    ("shorten", {**shorten, "mates": "first"}),
                    ("shorten", {"length": 30, "mates": "second"}),
                ]
            else:
                self.chain.append(("shorten", shorten))
        if self._perhaps(0.25):
            self.words.append("--trim-n")
            self.chain.append(("trim_n", {}))

    def _draw_headers(self) -> None:
        choice = self.source.choice
        is_free = "--rename" not in " ".join(self.words)
        wanted: dict[str, Any] = {}
        if is_free and self._perhaps(0.2):
            wanted["length_tag"] = choice(["length=", "len", "n=0", "=", "_2"])
            self.words.append(f"--length-tag={wanted['length_tag']}")
        if self._perhaps(0.2):
            wanted["strip"] = choice([["CGT"], [" 1:N:0:ACGT", " 1:Y:0:ACGT"], ["T", "G"], ["9", "length=12"]])
            self.words += [f"--strip-suffix={suffix}" for suffix in wanted["strip"]]
        if is_free and self._perhaps(0.15):
            before, behind = choice(["", "a_"]), choice(["_b", " length=3"])
            wanted["template"] = f"{before}{{header}}{behind}"
            self.words += [f"--prefix={before}", f"--suffix={behind}"]
        if wanted and is_free:
            self.chain.append(("rename", wanted))
        elif wanted:
            self.chain.insert(0, ("rename", wanted))
        if self._perhaps(0.2):
            self.words.append("--zero-cap")
            self.chain.append(("encoding", {"encoding": self.encoding, "rewrite": False}))

    def _draw_filters(self, discard: str) -> None:
        pairs = {}
        if self.paired:
            mode = self.source.choice(list(_RULES))
            self.words.append(f"--pair-filter={mode}")
            pairs = {"pairs": _RULES[mode]}
        for word, name, fields, values in (
            ("-m {}", "length", "minimum", [0, 1, 10, 30]),
            ("-M {}", "length", "maximum", [25, 40, 80]),
            ("--max-n {}", "max_n", "maximum", [0, 0.1, 0.25, 0.5, 1, 2]),
            ("--max-ee {}", "expected_errors", "maximum", [0.5, 1, 3]),
            ("--max-aer {}", "error_rate", "maximum", [0.01, 0.1, 0.5]),
        ):
            if self._perhaps(0.25):
                value = self.source.choice(values)
                other = self.source.choice(values) if self.paired and name == "length" and self._perhaps(0.5) else None
                self.words += word.format(value if other is None else f"{value}:{other}").split()
                least = {"minimum": 0} if fields == "maximum" and name == "length" else {}
                more = {} if other is None else {f"second_{fields}": other}
                self.chain.append((name, {**least, fields: value, **more, **pairs}))
        if self._perhaps(0.1):
            self.words.append("--discard-casava")
            self.chain.append(("casava", dict(pairs)))
        if discard:
            next(chosen for name, chosen in self.chain if name == "adapters").update(pairs)

    def _draw_dropped(self, discard: str) -> None:
        """Has some of the reads that are dropped written, by what cutadapt has files for."""
        limits = {"too-short": "minimum", "too-long": "maximum"}
        for reason, limit in limits.items():
            is_there = any(name == "length" and chosen.get(limit) for name, chosen in self.chain)
            if is_there and self._perhaps(0.5):
                self.dropped.append(reason)
        if discard == "untrimmed" and self._perhaps(0.6):
            self.words.remove("--discard-untrimmed")
            self.dropped.append("untrimmed")
        if self.dropped and discard:  # cutadapt looks at this last
            adapters = next(chosen for name, chosen in self.chain if name == "adapters")
            rule = {"pairs": adapters.pop("pairs")} if "pairs" in adapters else {}
            self.chain.append(("adapter_found", {"drop": adapters.pop("discard"), **rule}))

    def write_reads(self, paths: Sequence[Path], count: int = 40) -> None:
        """Writes reads, or the sides of pairs, with the adapters in them; some files with CRLF or no last newline."""
        choice = self.source.choice
        letters = choice(["ACGT", "ACGTN", "AC", "ACGTNU"])
        scores = choice(["@BEJTh", "!;@Bhh"] if self.encoding == "Phred+64" else ["!#+,-05:?I", "#5I", "IIII!"])
        ending = choice(["\n", "\n", "\r\n"])
        names = [
            f"r{row}{choice(_COMMENTS).format(choice('YN'))}{choice(_LENGTHS).format(choice([0, 7, 12, 100]))}"
            for row in range(count)
        ]
        for path in paths:
            lines = []
            for name in names:
                bases = self._bases(letters)
                lines += [f"@{name}", bases, "+", "".join(choice(scores) for _ in bases)]
            path.write_bytes((ending.join(lines) + (ending if lines[-1] == "" or self._perhaps(0.7) else "")).encode())

    def _bases(self, letters: str) -> str:
        choice, parts = self.source.choice, []
        for _ in range(choice([0, 1, 1, 2])):
            parts.append("".join(choice(letters) for _ in range(choice([0, 0, 3, 10, 30]))))
            if self.adapters:
                parts.append(self._piece(choice(self.adapters), letters))
        parts.append("".join(choice(letters) for _ in range(choice([0, 0, 5, 20, 60]))))
        parts.append(choice(["", "", "A" * 12, "G" * 15, "N" * 4]))
        bases = "".join(parts)
        return bases.lower() if self._perhaps(0.1) else bases

    def _piece(self, adapter: str, letters: str) -> str:
        """A piece of an adapter, damaged or not."""
        choice = self.source.choice
        is_literal = self._is_literal and self._perhaps(0.7)
        text = [choice(letter if is_literal else _MEANT.get(letter, letter)) for letter in adapter]
        for _ in range(choice([0, 0, 1, 2])):
            at = self.source.randrange(len(text)) if text else 0
            text[at : at + choice([0, 1])] = choice(["", *letters])
        begin = self.source.randrange(len(text)) if text and self._perhaps(0.3) else 0
        return "".join(text[begin : self.source.randint(begin, len(text)) if self._perhaps(0.4) else None])
