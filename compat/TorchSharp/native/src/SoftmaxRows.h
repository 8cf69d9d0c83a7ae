// One row of scores at a time, vectorised for the processor at hand.
#pragma once

#include <cstdint>

namespace tsc {

// Adds the mask, if there is one, and returns the largest score.
float masked_maximum(float* scores, const float* mask, int64_t count);
double masked_maximum(double* scores, const double* mask, int64_t count);

// Each score s becomes exp(s − shift); returns their sum. No score may exceed the shift by more than rounding.
float exponentiate(float* scores, float shift, int64_t count);
double exponentiate(double* scores, double shift, int64_t count);

// The softmax's derivative: each g becomes scale·w·(g − mean).
void softmax_derivative(float* gradients, const float* weights, float mean, float scale, int64_t count);
void softmax_derivative(double* gradients, const double* weights, double mean, double scale, int64_t count);

// to = from·factor; they may be the same.
void multiply(float* to, const float* from, float factor, int64_t count);
void multiply(double* to, const double* from, double factor, int64_t count);

float dot(const float* a, const float* b, int64_t count);
double dot(const double* a, const double* b, int64_t count);

}  // namespace tsc
