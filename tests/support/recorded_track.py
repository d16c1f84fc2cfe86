"""A track as a CSV, of a head that sways."""

import csv

import numpy as np


def write_track_csv(path, seconds=14.0, start_s=0.0):
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["time_s", "pitch_deg", "yaw_deg", "roll_deg", "x_m", "y_m", "z_m"])
        for i in range(round(seconds * 30)):
            turned = [3 * np.sin(0.1 * i), 5 * np.sin(0.07 * i), np.sin(0.05 * i)]
            rows.writerow([f"{start_s + i / 30:.5f}", *(f"{value:.5f}" for value in turned), 0, 0, 0])
    return path
