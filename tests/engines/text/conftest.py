from __future__ import annotations

import pytest

from honmono.engines.text.encoder import Encoder, Trunk
from honmono.engines.text.language import LanguageEngine
from honmono.engines.text.sentiment import SentimentEngine
from honmono.weights import Cache


@pytest.fixture(scope="session")
def trunk() -> Trunk:
    return Trunk.from_cache(Cache())


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.from_cache(Cache())


@pytest.fixture(scope="session")
def sentiment() -> SentimentEngine:
    engine = SentimentEngine(Cache())
    engine.load()
    return engine


@pytest.fixture(scope="session")
def language(tmp_path_factory: pytest.TempPathFactory) -> LanguageEngine:
    engine = LanguageEngine(Cache(tmp_path_factory.mktemp("cache")))
    engine.load()
    return engine
