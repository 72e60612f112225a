"""A model's folder: config.json, and what quantizing tools put beside it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.models.documents import Document, part, read_document, text, whole
from buildDoctor.adapters.models.formats import READERS
from buildDoctor.core.evidence import Model, ModelFormat, NotSeen, Origin

CONFIG, MODELOPT, GPTQ, AWQ = "config.json", "hf_quant_config.json", "quantize_config.json", "quant_config.json"
_METHODS_OF_FILES = {MODELOPT: "modelopt", GPTQ: "gptq", AWQ: "awq"}
"""The files that older tools write beside config.json, and whose they are."""
MOST_FORMATS = 50


class ModelReading(Struct, frozen=True, kw_only=True):
    """What was seen of a model."""

    model: Model | None
    """None when there is no configuration that can be read."""
    origins: tuple[Origin, ...] = ()
    not_seen: tuple[NotSeen, ...] = ()


class _Quantization(Struct, frozen=True):
    """What is said about it, and where."""

    method: str
    values: dict[str, object]
    source: str


def read_model(folder: Path) -> ModelReading:
    """What a model's configuration says. Never raises for the state of the folder.

    Args:
        folder: The folder that holds config.json.
    """
    documents: dict[str, Document] = {}
    notes: list[NotSeen] = []
    for name in (CONFIG, *_METHODS_OF_FILES):
        found = read_document(folder / name)
        if isinstance(found, str):
            notes.append(NotSeen(path="model", reason=found))
        elif found is not None:
            documents[name] = found
    notes += [
        NotSeen(path="model", reason=f"{name} has {', '.join(document.twice)} twice in one object; the last one counts")
        for name, document in documents.items()
        if document.twice
    ]
    if not documents:
        if not notes:
            notes.append(NotSeen(path="model", reason=f"{folder} holds no {CONFIG}; name the folder of a model"))
        return ModelReading(model=None, not_seen=tuple(notes))
    return _model(folder, documents, notes)


def _model(folder: Path, documents: dict[str, Document], notes: list[NotSeen]) -> ModelReading:
    config = documents[CONFIG].values if CONFIG in documents else {}
    said = _quantization(documents)
    formats: tuple[ModelFormat, ...] | None = ()
    if said is not None:
        formats = _formats(said)
        if not formats:
            formats = None
            reason = f"{said.source} says {said.method or 'no method'}, whose formats are not known here"
            notes.append(NotSeen(path="model.formats", reason=reason))
    model = Model(
        path=str(folder),
        architecture=_architecture(config),
        method=said.method if said else "",
        experts=_experts(config),
        formats=formats,
    )
    origins = [Origin(path="model", source=f"{folder}/{CONFIG}")]
    if said is not None:
        origins += [Origin(path=f"model.{name}", source=f"{folder}/{said.source}") for name in ("method", "formats")]
    return ModelReading(model=model, origins=tuple(origins), not_seen=tuple(notes))


def _quantization(documents: dict[str, Document]) -> _Quantization | None:
    """What is said about quantization: in config.json, for its text part alone, or in a file of its own."""
    config = documents[CONFIG].values if CONFIG in documents else {}
    places = (("quantization_config",), ("text_config", "quantization_config"), ("compression_config",))
    for keys in places:
        if values := part(config, *keys):
            method = text(values, "quant_method") or ("bitsandbytes" if "load_in_4bit" in values else "")
            return _Quantization(method, values, f"{CONFIG}, {'.'.join(keys)}")
    for name, method in _METHODS_OF_FILES.items():
        if name in documents:
            return _Quantization(method, documents[name].values, name)
    return None


def _formats(said: _Quantization) -> tuple[ModelFormat, ...]:
    reader = READERS.get(said.method)
    return tuple(dict.fromkeys(reader(said.values)))[:MOST_FORMATS] if reader is not None else ()


def _architecture(config: dict[str, object]) -> str:
    listed = config.get("architectures")
    first = listed[0] if isinstance(listed, list) and listed else ""
    return first[:200] if isinstance(first, str) else ""


def _experts(config: dict[str, object]) -> int:
    names = ("num_local_experts", "num_experts", "n_routed_experts")
    return whole(config, *names) or whole(part(config, "text_config"), *names)
